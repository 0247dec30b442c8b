using System.Text;
using Gateway.Features.Mail;
using MimeKit;
using MimeKit.Text;

namespace Gateway.Tests.Mail;

/// <summary>A mail whose tokens were written over marks is byte for byte the one that was written with them.</summary>
public sealed class MailsAlikeTests
{
    [Fact]
    public async Task Wherever_a_line_is_broken_the_mail_is_as_if_it_had_been_written_by_itself()
    {
        for (var indent = 0; indent < 80; indent++)
        {
            var (token, code) = ("Ab-_5678Ab-_5678Ab-_5678Ab-_5678", "01234567");
            var alike = new MailsAlike();

            var (subject, parts) = await alike.WithAsync(
                new MessageSecrets(token, code),
                () => ValueTask.FromResult(("Ja, ich möchte", Written(indent, MailsAlike.Marks)))
            );

            Assert.Equal("Ja, ich möchte", subject);
            Assert.Equal(Text(Written(indent, new MessageSecrets(token, code))), Text(parts));
        }
    }

    [Fact]
    public async Task Each_gets_tokens_of_its_own()
    {
        var alike = new MailsAlike();
        var written = 0;

        var mails = new List<string>();
        foreach (var token in new[] { new string('a', 32), new string('b', 32) })
        {
            var (_, parts) = await alike.WithAsync(
                new MessageSecrets(token, token[..8]),
                () =>
                {
                    written++;
                    return ValueTask.FromResult(("Subject", Written(3, MailsAlike.Marks)));
                }
            );
            mails.Add(Read(parts));
        }

        Assert.Equal(1, written);
        Assert.Contains(new string('a', 32), mails[0], StringComparison.Ordinal);
        Assert.Contains(new string('b', 32), mails[1], StringComparison.Ordinal);
        Assert.DoesNotContain(new string('a', 8), mails[1], StringComparison.Ordinal);
    }

    private static WrittenParts Written(int indent, MessageSecrets secrets) =>
        WrittenParts.Of(
            Part(TextFormat.Plain, $"{new string('x', indent)} http://localhost/c/{secrets.Confirm}\n{secrets.Code}\n"),
            Part(TextFormat.Html, $"<p>é{new string('y', indent)}<a href=\"http://localhost/c/{secrets.Confirm}\">{secrets.Code}</a>")
        );

    private static TextPart Part(TextFormat format, string text) =>
        new(format) { Text = text, ContentTransferEncoding = ContentEncoding.QuotedPrintable };

    /// <summary>Without the boundary, which is another one each time.</summary>
    private static string Text(WrittenParts parts) =>
        Encoding.ASCII.GetString(parts.Content).Replace(parts.Boundary!, "boundary", StringComparison.Ordinal);

    private static string Read(WrittenParts parts)
    {
        using var message = new MimeMessage { Body = parts };
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        stream.Position = 0;
        using var read = MimeMessage.Load(stream);
        return read.TextBody + read.HtmlBody;
    }
}
