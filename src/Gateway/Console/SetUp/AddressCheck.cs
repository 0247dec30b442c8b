using System.Net;
using System.Security.Authentication;
using System.Text;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Security;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SetUp;

/// <summary>
/// Finds out whether the public address leads here, by a request to it: through the name server, the certificate and the proxy, as links
/// in emails do. The value in it is known to this installation alone, and only it has the answer.
/// </summary>
internal sealed class AddressCheck(
    IHttpClientFactory clients,
    SetUpChecks checks,
    SetUpProgress progress,
    IOptions<GatewayOptions> options
)
{
    public const string Path = "/admin/address-check";
    private const int MaxBytes = 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services
            .AddHttpClient(nameof(AddressCheck), http => http.Timeout = TimeLimit)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        return services.AddScoped<AddressCheck>();
    }

    /// <summary>What the endpoint answers to a value that is open.</summary>
    public static string AnswerTo(string value) => Convert.ToHexStringLower(Secrets.Hash($"address-check {value}"));

    /// <returns>What is wrong, as a sentence; null when the address leads here.</returns>
    public async Task<string?> ErrorAsync(string actor, CancellationToken ct)
    {
        if ((await checks.MakeAsync(SetUpSteps.Address, SetUpChecks.Moment, actor, ct)).IsRefused(out var why, out var value))
        {
            return why.Message;
        }

        var error = await FetchAsync(value, ct);
        await checks.ForgetAsync(value, ct);
        if (error is null)
        {
            await progress.MarkAsync(SetUpSteps.Address, SetUpState.Done, actor, ct);
        }

        return error;
    }

    private async Task<string?> FetchAsync(string value, CancellationToken ct)
    {
        var host = new Uri(options.Value.PublicBase).Host;
        using var http = clients.CreateClient(nameof(AddressCheck));
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(TimeLimit);
        try
        {
            using var answer = await http.GetAsync(
                $"{options.Value.PublicBase}{Path}/{value}",
                HttpCompletionOption.ResponseHeadersRead,
                limited.Token
            );
            var text = await BeginningAsync(answer.Content, limited.Token);
            var status = (int)answer.StatusCode;
            return text == AnswerTo(value) ? null
                : answer.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest
                    ? T($"{host} answers with a redirect to another address. Set the public address to where people end up.")
                : answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                    ? T($"{host} answers with status {status}: the proxy there does not reach this gateway. Check where it leads.")
                : T($"Something else answers at {host} (status {status}). Let the address lead to this gateway.");
        }
        catch (HttpRequestException failed)
            when (failed.InnerException is AuthenticationException || failed.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return T($"The certificate of {host} is not valid. Renew it where https ends, such as at the proxy.");
        }
        catch (HttpRequestException failed) when (failed.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            return T($"The name {host} is not known to the name servers. Add it there, and try again some minutes later.");
        }
        catch (Exception failed)
            when (failed is IOException or HttpRequestException or InvalidOperationException
                || (failed is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            return T($"Nothing answers at {host}. Is the proxy running, and does the firewall let requests through?");
        }
    }

    /// <summary>Whoever else answers may send a whole page; ours is shorter than this.</summary>
    private static async Task<string> BeginningAsync(HttpContent content, CancellationToken ct)
    {
        await using var body = await content.ReadAsStreamAsync(ct);
        var bytes = new byte[MaxBytes];
        var read = await body.ReadAtLeastAsync(bytes, MaxBytes, throwOnEndOfStream: false, ct);
        return Encoding.UTF8.GetString(bytes, 0, read);
    }
}
