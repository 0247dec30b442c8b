using System.Security.Cryptography;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>The record of a DKIM key (RFC 6376, section 3.6.1; RFC 8463 for Ed25519).</summary>
internal static class DkimRecord
{
    /// <summary>RFC 8301: shorter ones are not taken; 2048 is what is advised.</summary>
    public const int MinBits = 1024;
    public const int AdvisedBits = 2048;

    private const int Ed25519Bytes = 32;

    public static string NameOf(string selector, string domain) => $"{selector}._domainkey.{domain}";

    /// <param name="text">The record.</param>
    /// <returns>What is wrong, with the worst first; empty when the key can be used as it is.</returns>
    public static IEnumerable<DkimFault> Faults(string text)
    {
        var tags = TagList.Of(text);
        if (tags["v"] is { } version && (version != "DKIM1" || tags.FirstName != "v"))
        {
            yield return new("version", IsFatal: true, "its v= must stand first and be DKIM1");
        }

        if (tags["p"] is not { } key)
        {
            yield return new("no_key", IsFatal: true, "it has no p=, so there is no key in it");
            yield break;
        }

        if (key.Length == 0)
        {
            yield return new("revoked", IsFatal: true, "its p= is empty, which says that the key was revoked");
            yield break;
        }

        if (tags["k"] is { } kind && kind is not ("rsa" or "ed25519"))
        {
            yield return new(
                "unknown_kind",
                IsFatal: true,
                $"its k={ShownText.Of(kind)} is no kind of key that anybody verifies (rsa, ed25519)"
            );
            yield break;
        }

        if (FaultOf(key, tags["k"] ?? "rsa") is { } fault)
        {
            yield return fault;
        }

        if (tags["h"] is { } hashes && !Listed(hashes).Contains("sha256"))
        {
            yield return new("hash", IsFatal: true, "its h= does not allow sha256, and nothing else is taken any more");
        }

        if (tags["s"] is { } services && !Listed(services).Any(one => one is "*" or "email"))
        {
            yield return new("service", IsFatal: true, "its s= says that the key is not for email");
        }

        if (Listed(tags["t"] ?? "").Contains("y"))
        {
            yield return new(
                "testing",
                IsFatal: false,
                "its t=y says that DKIM is only tried out, and mail may then count as if it were not signed; take the y out"
            );
        }
    }

    /// <summary>Whether two records hold the same key.</summary>
    public static bool IsSameKey(string one, string other) => Key(one) is { Length: > 0 } key && key == Key(other);

    private static string? Key(string text) => TagList.Of(text)["p"] is { } key ? WithoutSpace(key) : null;

    private static DkimFault? FaultOf(string key, string kind)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(WithoutSpace(key));
        }
        catch (FormatException)
        {
            return new("unreadable_key", IsFatal: true, "its p= is not base64; perhaps it was cut, or copied with quotation marks");
        }

        if (kind == "ed25519")
        {
            return bytes.Length == Ed25519Bytes
                ? null
                : new("unreadable_key", IsFatal: true, $"its key has {bytes.Length} bytes, and one of Ed25519 has {Ed25519Bytes}");
        }

        return BitsOf(bytes) switch
        {
            null => new("unreadable_key", IsFatal: true, "its p= holds no RSA key; perhaps it was cut"),
            < MinBits and var bits => new(
                "short_key",
                IsFatal: true,
                $"its key has {bits} bits, and fewer than {MinBits} are not taken (RFC 8301)"
            ),
            < AdvisedBits and var bits => new("weak_key", IsFatal: false, $"its key has {bits} bits; {AdvisedBits} are advised"),
            _ => null,
        };
    }

    private static int? BitsOf(byte[] key)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(key, out _);
            return rsa.KeySize;
        }
        catch (CryptographicException)
        {
            // Some write the bare key (RFC 6376, erratum 3192).
        }

        try
        {
            rsa.ImportRSAPublicKey(key, out _);
            return rsa.KeySize;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string[] Listed(string text) => text.Split(':', StringSplitOptions.TrimEntries);

    private static string WithoutSpace(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}

/// <param name="Code">Such as <c>revoked</c>.</param>
/// <param name="IsFatal">Whether no signature verifies because of it.</param>
/// <param name="What">The second half of a sentence.</param>
internal sealed record DkimFault(string Code, bool IsFatal, string What);
