using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Features.Sites;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// One request in its bytes as the plugin sends it: 1 KB of JSON that asks for a subscription. Before each send only the key, the address
/// and the
/// signature are written anew, since whatever the load generator does is taken from the server it measures.
/// </summary>
internal sealed class SignedRequest : IDisposable
{
    private const int BodyBytes = 1024;
    private const int KeyLength = 32;
    private const string KeyMark = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
    private const string NumberMark = "nnnnnnnn";
    private const string SignatureMark = "ssssssssssssssssssssssssssssssssssssssssssss";

    private readonly byte[] _wire;
    private readonly byte[] _signedHead;
    private readonly IncrementalHash _mac;
    private readonly Random _random = new();
    private readonly int _bodyAt;
    private readonly int _idAt;
    private readonly int _keyAt;
    private readonly int _numberAt;
    private readonly int _signatureAt;

    public SignedRequest(Target target)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var head = $"""
            POST {target.Path} HTTP/1.1
            Host: {new Uri(target.Url).Authority}
            Content-Type: application/json
            Content-Length: {BodyBytes}
            {WebhookSignature.IdHeader}: {KeyMark}
            {WebhookSignature.TimestampHeader}: {timestamp}
            {WebhookSignature.SignatureHeader}: v1,{SignatureMark}


            """.ReplaceLineEndings("\r\n");

        _wire = Encoding.ASCII.GetBytes(head + Body(target.List));
        _signedHead = Encoding.ASCII.GetBytes($"{KeyMark}.{timestamp}.");
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, WebhookSignature.KeyOf(target.Secret));
        _bodyAt = head.Length;
        _idAt = At(KeyMark, 0);
        _keyAt = At(KeyMark, _bodyAt);
        _numberAt = At(NumberMark, _bodyAt);
        _signatureAt = At(SignatureMark, 0);
    }

    /// <summary>The address of the visitor that bears a number.</summary>
    public static string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"visitor{number:D8}@example.org");

    /// <returns>A request under a key that was not used before; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Next(int number)
    {
        Span<byte> random = stackalloc byte[KeyLength / 2];
        _random.NextBytes(random);
        Convert.TryToHexStringLower(random, _wire.AsSpan(_keyAt, KeyLength), out _);
        var key = _wire.AsSpan(_keyAt, KeyLength);
        key.CopyTo(_wire.AsSpan(_idAt));
        key.CopyTo(_signedHead);
        Utf8Formatter.TryFormat(number, _wire.AsSpan(_numberAt, NumberMark.Length), out _, new('D', (byte)NumberMark.Length));

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _mac.AppendData(_signedHead);
        _mac.AppendData(_wire, _bodyAt, BodyBytes);
        _mac.GetHashAndReset(signature);
        Base64.EncodeToUtf8(signature, _wire.AsSpan(_signatureAt, SignatureMark.Length), out _, out _);
        return _wire;
    }

    public void Dispose() => _mac.Dispose();

    private int At(string mark, int from) => from + _wire.AsSpan(from).IndexOf(Encoding.ASCII.GetBytes(mark));

    private static string Body(string list)
    {
        var text = $$$"""
            {"key":"{{{KeyMark}}}","submittedAt":"2026-11-23T10:00:00Z",
            "form":{"id":"4","title":"Contact","url":"https://shop.example/contact/","locale":"en_US"},
            "fields":{"your-name":"Ada Lovelace","your-email":"visitor{{{NumberMark}}}@example.org","your-city":"Turin","topics":["news","offers"],"your-message":"@"},
            "visitor":{"ip":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"},
            "subscribe":[{"list":"{{{list}}}","email":"your-email","name":"your-name","properties":{"city":"your-city"},
            "consent":{"given":true,"text":"Yes, send me the newsletter.","policyUrl":"https://shop.example/privacy","policyVersion":"2026-05"}}]}
            """.ReplaceLineEndings("");
        return text.Replace("\"@\"", $"\"{new string('x', BodyBytes - text.Length + 1)}\"", StringComparison.Ordinal);
    }
}
