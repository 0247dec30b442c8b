using System.Globalization;
using System.Text;

namespace Gateway.Tests.Fuzzing;

/// <summary>A request as its bytes go out, so that it may hold what no client would send.</summary>
/// <param name="Name">What it is about, for a report.</param>
/// <param name="Target">The path and query as they stand in the first line.</param>
/// <param name="IsForPerson">Whether the answer is to be a page; null where the address may lead anywhere.</param>
internal sealed record FuzzRequest(
    string Name,
    string Method,
    string Target,
    IReadOnlyList<(string Name, string Value)> Headers,
    byte[]? Body,
    bool? IsForPerson
)
{
    /// <summary>
    /// Whether the host is one that a client would send. What is none at all the server refuses before anybody can say why: a bare 400.
    /// </summary>
    public bool HasUsualHost => Headers.Any(header => header is ("Host", "localhost" or "127.0.0.1" or "[::1]" or "evil.example" or ""));

    public byte[] ToBytes()
    {
        var head = new StringBuilder(FormattableString.Invariant($"{Method} {Target} HTTP/1.1\r\n"));
        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (Body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        }

        head.Append("\r\n");
        return [.. Encoding.UTF8.GetBytes(head.ToString()), .. Body ?? []];
    }

    public override string ToString() =>
        $"{Name}: {Method} {Target}\n{string.Join('\n', Headers.Select(header => $"{header.Name}: {header.Value}"))}\n\n"
        + Encoding.UTF8.GetString(Body ?? []).Replace("\0", "\\0", StringComparison.Ordinal);
}

/// <param name="Status">0 where the connection ended without an answer.</param>
internal sealed record FuzzAnswer(int Status, string MediaType, string Text)
{
    public static readonly FuzzAnswer None = new(0, "", "");
}
