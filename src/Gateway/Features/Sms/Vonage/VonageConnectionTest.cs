using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Vonage;

/// <summary>
/// Asks Vonage for the account's balance, and for the application: whether it is this account's, and whether the private key is the other
/// half of the public one that it has there.
/// </summary>
internal sealed class VonageConnectionTest(
    IVonageApi api,
    IVonageAccountApi accounts,
    IOptions<VonageOptions> installation,
    TimeProvider clock
) : IConnectionTest
{
    private const string Provider = "Vonage";

    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var account = (VonageOptions)settings;
        var balance = await AskAsync(limited => accounts.ReadBalanceAsync(account.ApiKey!, account.ApiSecret!, limited), ct);
        if (ErrorOf(balance, installation.Value.AccountUrl) is { } error)
        {
            return error;
        }

        if (Read<VonageBalance>(balance) is { Value: <= 0, AutoReload: false })
        {
            return "The Vonage account has no balance left, and Vonage does not top it up by itself.";
        }

        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.ApiKey}:{account.ApiSecret}"));
        var application = await AskAsync(limited => api.ReadApplicationAsync(account.ApplicationId!, credentials, limited), ct);
        return application.Status == HttpStatusCode.NotFound ? "The Vonage account has no application with this ApplicationId."
            : ErrorOf(application, installation.Value.BaseUrl) is { } unread ? unread
            : IsOtherHalf(Read<VonageApplication>(application)?.Keys?.PublicKey, account.Pem) ? null
            : "PrivateKey is not the key of this Vonage application. Make a new pair there, and take the private key from the file.";
    }

    private static string? ErrorOf(SmsAnswer answer, Uri? address) =>
        SmsConnectionAnswer.ErrorOf(answer, Provider, address, VonageSms.Settings, "ApiKey and ApiSecret");

    private static T? Read<T>(SmsAnswer answer)
        where T : class => VonageJson.Read<T>(Encoding.UTF8.GetBytes(answer.Text));

    private static bool IsOtherHalf(string? publicPem, string privatePem)
    {
        try
        {
            using var there = RSA.Create();
            there.ImportFromPem(publicPem);
            using var here = RSA.Create();
            here.ImportFromPem(privatePem);
            return there.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(here.ExportSubjectPublicKeyInfo());
        }
        catch (Exception unfit) when (unfit is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private Task<SmsAnswer> AskAsync(Func<CancellationToken, Task<HttpResponseMessage>> question, CancellationToken ct) =>
        SmsAnswer.OfAsync(question, installation.Value.TimeLimit, clock, ct);
}
