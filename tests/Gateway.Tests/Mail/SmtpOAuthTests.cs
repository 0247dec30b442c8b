using System.Net;
using System.Text;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>Sign-in at the mail server by OAuth: one token for many connections, a new one in time, and faults in words.</summary>
public sealed class SmtpOAuthTests : IAsyncDisposable
{
    private readonly TestClock clock = new();
    private readonly TokenEndpoint endpoint = new();
    private readonly ScriptedSmtp server = new() { Offers = ["AUTH PLAIN XOAUTH2"] };
    private readonly MailOptions options;
    private readonly SmtpAccessTokens tokens;

    public SmtpOAuthTests()
    {
        options = new()
        {
            Smtp =
            {
                Host = "127.0.0.1",
                Port = server.Port,
                Security = "none",
                User = "news@shop.example",
                OAuth =
                {
                    TokenUrl = new("https://issuer.test/token"),
                    ClientId = "client",
                    ClientSecret = "hush hush",
                    Scope = "https://mail.test/.default",
                },
            },
        };
        tokens = new(endpoint, Options.Create(options), clock);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        tokens.Dispose();
        endpoint.Dispose();
    }

    [Fact]
    public async Task A_token_is_asked_for_once_and_again_shortly_before_it_ends()
    {
        Assert.IsType<MailOutcome.Sent>(await SendAsync());
        Assert.IsType<MailOutcome.Sent>(await SendAsync());
        clock.Advance(TimeSpan.FromMinutes(57));
        Assert.IsType<MailOutcome.Sent>(await SendAsync());
        Assert.Single(endpoint.Asked);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<MailOutcome.Sent>(await SendAsync());

        Assert.Equal(2, endpoint.Asked.Count);
        Assert.Equal(
            "grant_type=client_credentials&client_id=client&client_secret=hush+hush&scope=https%3A%2F%2Fmail.test%2F.default",
            endpoint.Asked[0]
        );
        Assert.Equal(["token-1", "token-1", "token-1", "token-2"], TokensSaid());
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refresh_token_is_used_and_the_newest_one_next()
    {
        (options.Smtp.OAuth.RefreshToken, options.Smtp.OAuth.ClientSecret) = ("first", null);
        endpoint.Answer = count => $$"""{"access_token":"token-{{count}}","expires_in":"3600","refresh_token":"next-{{count}}"}""";

        await SendAsync();
        clock.Advance(TimeSpan.FromHours(2));
        await SendAsync();

        Assert.Equal("first", QueryHelpers.ParseQuery(endpoint.Asked[0])["refresh_token"]);
        Assert.Equal("refresh_token", QueryHelpers.ParseQuery(endpoint.Asked[0])["grant_type"]);
        Assert.Equal("next-1", QueryHelpers.ParseQuery(endpoint.Asked[1])["refresh_token"]);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_asked_for_anew_once()
    {
        server.Script = command =>
            command.StartsWith("AUTH", StringComparison.Ordinal) && TokenIn(command) == "token-1" ? "535 5.7.3 no" : null;
        Assert.IsType<MailOutcome.Sent>(await SendAsync());
        Assert.Equal(["token-1", "token-2"], TokensSaid());

        server.Script = command => command.StartsWith("AUTH", StringComparison.Ordinal) ? "535 5.7.3 no" : null;
        var held = Assert.IsType<MailOutcome.Held>(await SendAsync());

        Assert.Equal("sign_in_refused", held.Error.Code);
        Assert.Equal(3, endpoint.Asked.Count);
    }

    [Theory]
    [InlineData(
        401,
        """{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret."}""",
        "sign_in_refused",
        "check Mail__Smtp__OAuth__ClientId"
    )]
    [InlineData(
        400,
        """{"error":"invalid_grant","error_description":"Token has been expired or revoked."}""",
        "sign_in_refused",
        "set Mail__Smtp__OAuth__RefreshToken"
    )]
    [InlineData(400, """{"error":"invalid_scope"}""", "sign_in_refused", "check Mail__Smtp__OAuth__Scope")]
    [InlineData(503, "<html>busy</html>", "server_busy", "gives none at the moment")]
    [InlineData(200, "<html>a portal</html>", "sign_in_refused", "check Mail__Smtp__OAuth__TokenUrl")]
    [InlineData(302, "", "sign_in_refused", "check Mail__Smtp__OAuth__TokenUrl")]
    [InlineData(0, "", "server_unreachable", "does not answer")]
    public async Task What_goes_wrong_with_tokens_is_told_in_words_and_the_mail_waits(int status, string body, string code, string told)
    {
        endpoint.Status = (HttpStatusCode)status;
        endpoint.Answer = _ => body;

        var held = Assert.IsType<MailOutcome.Held>(await SendAsync());

        Assert.Equal(code, held.Error.Code);
        Assert.Contains(told, held.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", held.Answer, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_takes_no_tokens_is_told_and_gets_none()
    {
        await using var other = new ScriptedSmtp { Offers = ["AUTH PLAIN LOGIN"] };
        options.Smtp.Port = other.Port;

        var held = Assert.IsType<MailOutcome.Held>(await SendAsync());

        Assert.Contains("takes no tokens (it offers LOGIN, PLAIN)", held.Answer, StringComparison.Ordinal);
        Assert.Empty(endpoint.Asked);
    }

    [Fact]
    public async Task A_token_never_goes_over_a_line_in_clear_unless_told_so()
    {
        options.Smtp.Security = "auto";

        var held = Assert.IsType<MailOutcome.Held>(await SendAsync());

        Assert.Contains("offers no encryption", held.Answer, StringComparison.Ordinal);
        Assert.Empty(endpoint.Asked);
    }

    private IEnumerable<string> TokensSaid() =>
        server.Commands.Where(command => command.StartsWith("AUTH", StringComparison.Ordinal)).Select(TokenIn);

    private static string TokenIn(string command) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(command.Split(' ')[2])).Split("Bearer ")[1].TrimEnd('\u0001');

    /// <summary>Each over a connection of its own.</summary>
    private async Task<MailOutcome> SendAsync()
    {
        using var connections = new SmtpConnections(
            Options.Create(options),
            Options.Create(new GatewayOptions { PublicUrl = "http://localhost" }),
            clock,
            NullLogger<SmtpConnections>.Instance,
            tokens
        );
        using var mail = new MimeMessage
        {
            From = { new MailboxAddress("Shop", "news@shop.example") },
            To = { new MailboxAddress("", "ada@example.org") },
            Subject = "Hello",
            Body = new TextPart { Text = "Hello" },
        };
        return await new SmtpTransport(connections).SendAsync(mail, CancellationToken.None);
    }

    /// <summary>Gives out tokens, and writes down what it was asked.</summary>
    private sealed class TokenEndpoint : HttpMessageHandler, IHttpClientFactory
    {
        public List<string> Asked { get; } = [];

        /// <summary>0: nobody answers.</summary>
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public Func<int, string> Answer { get; set; } =
            count => $$"""{"access_token":"token-{{count}}","token_type":"Bearer","expires_in":3600}""";

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("https://issuer.test/token", request.RequestUri!.ToString());
            Asked.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return Status == 0
                ? throw new HttpRequestException("Connection refused")
                : new(Status) { Content = new StringContent(Answer(Asked.Count)) };
        }
    }
}
