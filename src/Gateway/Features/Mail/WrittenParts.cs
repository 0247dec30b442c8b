using MimeKit;

namespace Gateway.Features.Mail;

/// <summary>
/// The parts of a mail in their bytes, as they go over the wire. Whoever sends it asks for its size first, and MimeKit would encode them
/// again, in many small pieces, for the server.
/// </summary>
internal sealed class WrittenParts : MultipartAlternative
{
    private static readonly FormatOptions Wire = MakeWire();

    private WrittenParts(string boundary, byte[] content) => (Boundary, Content) = (boundary, content);

    /// <summary>From the first boundary to the last, with CRLF at the end of each line.</summary>
    public byte[] Content { get; }

    /// <param name="parts">What a mail program may show, the plainest first.</param>
    public static WrittenParts Of(params MimeEntity[] parts)
    {
        using var whole = new MultipartAlternative();
        Array.ForEach(parts, whole.Add);
        using var stream = new MemoryStream();
        whole.WriteTo(Wire, stream, contentOnly: true);
        if (!stream.GetBuffer().AsSpan(0, (int)stream.Length).EndsWith("\r\n"u8))
        {
            stream.Write("\r\n"u8);
        }

        return new(whole.Boundary!, stream.ToArray());
    }

    /// <returns>The same parts with other bytes.</returns>
    public WrittenParts With(byte[] content) => new(Boundary!, content);

    public override void WriteTo(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        if (!contentOnly)
        {
            Headers.WriteTo(options, stream, cancellationToken);
            stream.Write("\r\n"u8);
        }

        stream.Write(Content);
    }

    public override async Task WriteToAsync(
        FormatOptions options,
        Stream stream,
        bool contentOnly,
        CancellationToken cancellationToken = default
    )
    {
        if (!contentOnly)
        {
            await Headers.WriteToAsync(options, stream, cancellationToken);
            await stream.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        }

        await stream.WriteAsync(Content, cancellationToken);
    }

    private static FormatOptions MakeWire()
    {
        var wire = FormatOptions.Default.Clone();
        wire.NewLineFormat = NewLineFormat.Dos;
        return wire;
    }
}
