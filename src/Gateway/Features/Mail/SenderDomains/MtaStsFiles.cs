using System.Net;
using System.Security.Authentication;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What came of fetching a policy.</summary>
/// <param name="Text">Null when there is none.</param>
/// <param name="Fault">Then what the server does wrong, as a part of a sentence; null when nobody could say.</param>
internal sealed record MtaStsFile(string? Text, string? Fault);

/// <summary>Where the policies of MTA-STS are.</summary>
internal interface IMtaStsFiles
{
    Task<MtaStsFile> FetchAsync(string domain, CancellationToken ct);
}

/// <summary>
/// Fetches them as RFC 8461 (section 3.3) asks of whoever sends mail: by HTTPS with a certificate that fits, and without following
/// redirects. Whoever publishes a domain says where this leads, so it goes to public addresses alone.
/// </summary>
internal sealed class MtaStsFiles(IHttpClientFactory clients) : IMtaStsFiles
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services
            .AddHttpClient(nameof(MtaStsFiles), http => (http.Timeout, http.MaxResponseContentBufferSize) = (TimeLimit, MaxBytes))
            .ConfigurePrimaryHttpMessageHandler(provider =>
                provider.GetRequiredService<GuardedConnections>().NewHandler(allowPrivate: false)
            );
        return services.AddSingleton<IMtaStsFiles, MtaStsFiles>();
    }

    public static string UrlOf(string domain) => $"https://mta-sts.{domain}/.well-known/mta-sts.txt";

    public async Task<MtaStsFile> FetchAsync(string domain, CancellationToken ct)
    {
        using var http = clients.CreateClient(nameof(MtaStsFiles));
        try
        {
            using var answer = await http.GetAsync(UrlOf(domain), ct);
            return answer.StatusCode != HttpStatusCode.OK
                    ? new(null, $"the server answers with status {(int)answer.StatusCode}, and redirects are not followed")
                : answer.Content.Headers.ContentType?.MediaType != "text/plain" ? new(null, "its Content-Type must be text/plain")
                : new(await answer.Content.ReadAsStringAsync(ct), null);
        }
        catch (HttpRequestException refused)
            when (refused.InnerException is AuthenticationException || refused.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return new(null, $"the certificate does not fit the name mta-sts.{domain}, or nobody trusts it");
        }
        catch (HttpRequestException refused) when (refused.InnerException is ForbiddenTargetException)
        {
            return new(null, "its name leads to no public address");
        }
        catch (Exception unreached)
            when (unreached is HttpRequestException or InvalidOperationException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return new(null, null);
        }
    }
}
