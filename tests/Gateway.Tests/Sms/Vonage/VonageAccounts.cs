using System.Security.Cryptography;
using Gateway.Features.Sms.Vonage;
using Gateway.Infrastructure.Security;

namespace Gateway.Tests.Sms.Vonage;

/// <summary>Accounts at Vonage. A key takes long to make, so that all have the same.</summary>
internal static class VonageAccounts
{
    private static readonly Lazy<string> Key = new(NewKey);

    public static string Pem => Key.Value;

    public static VonageOptions New(string from, string apiKey = "abcd1234", string signatureSecret = "a secret") =>
        new()
        {
            ApiKey = apiKey,
            ApiSecret = "the secret " + apiKey,
            ApplicationId = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
            PrivateKey = Pem,
            SignatureSecret = signatureSecret,
            From = from,
        };

    public static string NewApiKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    public static string NewSecret() => Secrets.Random(12);

    public static string NewKey()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    public static string PublicPem(string privatePem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(privatePem);
        return rsa.ExportSubjectPublicKeyInfoPem();
    }
}
