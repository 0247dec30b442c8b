using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Features.Mail.Smtp;

/// <summary>
/// Decides whether a server's certificate is trusted, and says for each fault what is wrong and what to do. One object for one connection.
/// </summary>
/// <param name="host">The name that the certificate must be for.</param>
/// <param name="caFile">Authorities to trust beside those of the machine, or the server's own certificate; null for none.</param>
/// <param name="fingerprint">As <see cref="SmtpOptions.Fingerprint"/>: then that one certificate is trusted and no other.</param>
internal sealed class SmtpTrust(string host, string? caFile, string? fingerprint = null)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Null as long as no certificate was refused.</summary>
    public string? Error { get; private set; }

    /// <summary>What the server showed, and until when that is valid, UTC; null without TLS.</summary>
    public (string Subject, DateTime Until)? Shown { get; private set; }

    /// <summary>SHA-256 of what the server showed, in hexadecimal digits; null without TLS.</summary>
    public string? ShownFingerprint { get; private set; }

    /// <returns>64 hexadecimal digits; null when it is no fingerprint.</returns>
    public static string? ReadFingerprint(string typed)
    {
        var digits = typed.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigitLower) ? digits : null;
    }

    /// <returns>Why the file cannot be used, or null.</returns>
    public static string? ErrorOf(string caFile)
    {
        try
        {
            return Read(caFile).Count > 0 ? null : $"Mail__Smtp__CaFile names {caFile}, which holds no certificate in PEM form.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"Mail__Smtp__CaFile names {caFile}, which cannot be read as certificates in PEM form.";
        }
    }

    /// <summary>For <see cref="MailKit.MailService.ServerCertificateValidationCallback"/>.</summary>
    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown)
        {
            Error = "It showed no certificate.";
            return false;
        }

        Shown = (shown.Subject, shown.NotAfter.ToUniversalTime());
        ShownFingerprint = shown.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
        Error =
            fingerprint is { Length: > 0 } pinned ? PinError(pinned)
            : errors == SslPolicyErrors.None ? null
            : ErrorOf(shown, chain, errors);
        return Error is null;
    }

    private string? PinError(string pinned) =>
        ReadFingerprint(pinned) == ShownFingerprint
            ? null
            : $"Its certificate is another than the one that Mail__Smtp__Fingerprint names: {ShownFingerprint}. If the server's "
                + "operator has "
                + "renewed it, set Mail__Smtp__Fingerprint to this; else somebody may stand in between.";

    private string? ErrorOf(X509Certificate2 shown, X509Chain? chain, SslPolicyErrors errors)
    {
        var known = caFile is { Length: > 0 } ? Read(caFile) : [];
        var isPinned = known.Any(one => one.RawDataMemory.Span.SequenceEqual(shown.RawDataMemory.Span));
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && !isPinned)
        {
            return $"Its certificate is for {NamesOf(shown)}, not for {host}. Set Mail__Smtp__Host to a name that is in the certificate.";
        }

        var faults = Faults(shown, chain, known, isPinned);
        if (faults.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return TimeProvider.System.GetUtcNow().UtcDateTime < shown.NotBefore.ToUniversalTime()
                    ? $"Its certificate is not valid before {Day(shown.NotBefore)}. Is the clock of this machine right?"
                : TimeProvider.System.GetUtcNow().UtcDateTime > shown.NotAfter.ToUniversalTime()
                    ? $"Its certificate expired on {Day(shown.NotAfter)}. Whoever runs the server has to renew it; take another "
                        + "port or server "
                        + "until then."
                : $"The certificate of its authority has expired; its own is valid until {Day(shown.NotAfter)}. Whoever runs "
                    + "the server has to "
                    + "send the authority's new one along.";
        }

        const X509ChainStatusFlags unknown = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
        if (isPinned)
        {
            return null;
        }

        if ((faults & unknown) != 0)
        {
            var by = shown.SubjectName.RawData.AsSpan().SequenceEqual(shown.IssuerName.RawData) ? "by itself" : $"by {shown.Issuer}";
            return $"Its certificate is signed {by}, which this machine does not trust. If it is right, put the certificate of that "
                + "authority, or the server's own, into a PEM file and set Mail__Smtp__CaFile to it.";
        }

        return faults == X509ChainStatusFlags.NoError ? null : $"Its certificate is not valid: {faults}.";
    }

    /// <summary>What is wrong when the given authorities count too; asking an authority's server is no part of it.</summary>
    private static X509ChainStatusFlags Faults(X509Certificate2 shown, X509Chain? chain, X509Certificate2Collection known, bool isPinned)
    {
        if (known.Count == 0 || isPinned)
        {
            return FlagsOf(chain);
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(known);
        own.ChainPolicy.ExtraStore.AddRange(known);
        own.ChainPolicy.ExtraStore.AddRange(chain?.ChainPolicy.ExtraStore ?? []);
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return own.Build(shown) ? X509ChainStatusFlags.NoError : FlagsOf(own);
    }

    private static X509ChainStatusFlags FlagsOf(X509Chain? chain) =>
        (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);

    private static X509Certificate2Collection Read(string caFile)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(caFile);
        return certificates;
    }

    private static string NamesOf(X509Certificate2 shown) =>
        shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()).Take(5).ToList()
            is { Count: > 0 } names
            ? string.Join(", ", names)
            : shown.GetNameInfo(X509NameType.DnsName, forIssuer: false);

    private static string Day(DateTime at) => at.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
