using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Mail.SenderDomains;

/// <summary>What comes of fetching a policy of MTA-STS.</summary>
public sealed class MtaStsFilesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task The_file_is_fetched_where_the_domain_has_to_have_it()
    {
        Uri? asked = null;
        var (text, fault) = await FetchAsync(request =>
        {
            asked = request.RequestUri;
            return Answer("version: STSv1");
        });

        Assert.Equal(("version: STSv1", null), (text, fault));
        Assert.Equal("/.well-known/mta-sts.txt", asked!.AbsolutePath);
        Assert.Equal("https", asked.Scheme);
    }

    [Fact]
    public async Task Another_answer_is_no_policy()
    {
        Assert.Contains("404", (await FetchAsync(_ => new(HttpStatusCode.NotFound))).Fault, StringComparison.Ordinal);
        Assert.Contains("302", (await FetchAsync(_ => new(HttpStatusCode.Redirect))).Fault, StringComparison.Ordinal);
        Assert.Contains("text/plain", (await FetchAsync(_ => Answer("version: STSv1", "text/html"))).Fault, StringComparison.Ordinal);
        Assert.Contains("certificate", (await FailAsync(new AuthenticationException())).Fault, StringComparison.Ordinal);
        Assert.Contains("public", (await FailAsync(new ForbiddenTargetException())).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_says_nothing() =>
        Assert.Equal(new MtaStsFile(null, null), await FailAsync(new IOException()));

    private Task<MtaStsFile> FailAsync(Exception why) => FetchAsync(_ => throw new HttpRequestException("", why));

    private Task<MtaStsFile> FetchAsync(Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        var domain = $"x{Guid.CreateVersion7():N}.example";
        gateway.Network.Answer("mta-sts." + domain, (request, _) => Task.FromResult(answer(request)));
        return gateway.Services.GetRequiredService<IMtaStsFiles>().FetchAsync(domain, CancellationToken.None);
    }

    private static HttpResponseMessage Answer(string text, string type = "text/plain") =>
        new() { Content = new StringContent(text, MediaTypeHeaderValue.Parse(type)) };
}
