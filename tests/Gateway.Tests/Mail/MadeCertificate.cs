using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Tests.Mail;

/// <summary>Certificates of a mail server, good ones and others.</summary>
internal static class MadeCertificate
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=An authority of one's own", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
        return Loaded(made);
    }

    /// <param name="host">A name, or an address.</param>
    /// <param name="authority">Null signs it by itself.</param>
    /// <param name="days">From when until when it is valid, in days from now.</param>
    public static X509Certificate2 Server(string host, X509Certificate2? authority, (int From, int Until)? days = null)
    {
        var (from, until) = days ?? (-1, 1);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        if (authority is null)
        {
            using var own = request.CreateSelfSigned(Now.AddDays(from), Now.AddDays(until));
            return Loaded(own);
        }

        using var signed = request.Create(authority, Now.AddDays(from), Now.AddDays(until), [1, 2, 3]);
        using var made = signed.CopyWithPrivateKey(key);
        return Loaded(made);
    }

    private static X509Certificate2 Loaded(X509Certificate2 made) =>
        X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
}
