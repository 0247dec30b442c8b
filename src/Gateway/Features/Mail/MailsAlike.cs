using System.Text;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Mail;

/// <summary>
/// Mails of a batch that differ in nothing but their tokens, as the built-in confirmations of a list do. They are rendered and encoded
/// once, with marks where the tokens stand; in each mail the marks are written over.
/// </summary>
internal sealed class MailsAlike
{
    /// <summary>Between the halves of a line that quoted-printable has broken (RFC 2045, section 6.7).</summary>
    private const string SoftBreak = "=\r\n";

    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int CodeLength = 8;
    private const int TokenBytes = 24;

    private Marked? _marked;

    /// <summary>As long as tokens are, of letters that no encoding touches, and found nowhere else: nobody knows them before.</summary>
    public static MessageSecrets Marks { get; } =
        new(Confirm: Secrets.Random(TokenBytes), Code: System.Security.Cryptography.RandomNumberGenerator.GetString(Letters, CodeLength));

    /// <param name="write">Writes the mail with <see cref="Marks"/> for its secrets.</param>
    public async ValueTask<(string Subject, WrittenParts Parts)> WithAsync(
        MessageSecrets secrets,
        Func<ValueTask<(string Subject, WrittenParts Parts)>> write
    )
    {
        // Two at once may both write it, to the same words.
        var (subject, parts, tokens, codes) = _marked ??= Find(await write());
        var content = parts.Content.AsSpan().ToArray();
        Write(secrets.Confirm!, tokens, content);
        Write(secrets.Code!, codes, content);
        return (subject, parts.With(content));
    }

    private static Marked Find((string Subject, WrittenParts Parts) marked) =>
        new(marked.Subject, marked.Parts, Find(Marks.Confirm!, marked.Parts.Content), Find(Marks.Code!, marked.Parts.Content));

    /// <returns>Of each place where the mark stands, where each of its letters does.</returns>
    private static List<int[]> Find(string mark, byte[] content)
    {
        var found = new List<int[]>();
        for (var begin = 0; begin < content.Length; begin++)
        {
            if (content[begin] == mark[0] && LettersAt(begin, mark, content) is { } letters)
            {
                found.Add(letters);
            }
        }

        return found;
    }

    private static int[]? LettersAt(int begin, string mark, byte[] content)
    {
        var softBreak = Encoding.ASCII.GetBytes(SoftBreak);
        var letters = new int[mark.Length];
        var at = begin;
        for (var letter = 0; letter < mark.Length; letter++, at++)
        {
            at += content.AsSpan(at).StartsWith(softBreak) ? softBreak.Length : 0;
            if (at >= content.Length || content[at] != mark[letter])
            {
                return null;
            }

            letters[letter] = at;
        }

        return letters;
    }

    private static void Write(string token, List<int[]> places, byte[] content)
    {
        foreach (var place in places)
        {
            for (var letter = 0; letter < place.Length; letter++)
            {
                content[place[letter]] = (byte)token[letter];
            }
        }
    }

    private sealed record Marked(string Subject, WrittenParts Parts, List<int[]> Tokens, List<int[]> Codes);
}
