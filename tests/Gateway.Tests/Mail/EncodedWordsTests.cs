using System.Text;
using CsCheck;
using Gateway.Features.Mail;
using MimeKit;
using MimeKit.Utils;

namespace Gateway.Tests.Mail;

/// <summary>Headers beyond ASCII as RFC 2047 asks: section 2 for the lengths, section 5 for whole characters.</summary>
public sealed class EncodedWordsTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.Char['a', 'z'].Select(letter => letter.ToString()),
            Gen.Const(" "),
            Gen.Const("é"),
            Gen.Const("ß"),
            Gen.Const("語"),
            Gen.Const("👋🏽"),
            Gen.Const("=?"),
            Gen.Const("\"_?=")
        )
        .Array[1, 120]
        .Select(string.Concat);

    [Fact]
    public void No_word_and_no_line_is_too_long_and_every_text_can_be_read_again() =>
        Texts.Sample(text =>
        {
            var value = EncodedWords.Of("Subject", text);

            var lines = $"Subject: {value}".Split("\r\n");
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 76));
            Assert.All(value.Split("\r\n "), word => Assert.InRange(word.Length, 1, 75));
            Assert.All(value.Split("\r\n "), word => Assert.True(IsWhole(word), word));
            Assert.Equal(text, Rfc2047.DecodeText(Encoding.ASCII.GetBytes(value)));
        });

    [Fact]
    public void A_name_before_an_address_is_folded_alike() =>
        Texts.Sample(text =>
        {
            var value = EncodedWords.Mailbox("From", text, "newsletter-of-a-rather-long-name@shop.example");

            Assert.All($"From: {value}".Split("\r\n"), line => Assert.InRange(line.Length, 1, 76));
            var read = (MailboxAddress)InternetAddress.Parse(value);
            Assert.Equal((text, "newsletter-of-a-rather-long-name@shop.example"), (read.Name, read.Address));
        });

    /// <summary>Each word decoded by itself holds whole characters.</summary>
    private static bool IsWhole(string word) =>
        !Rfc2047.DecodeText(Encoding.ASCII.GetBytes(word)).Contains('\uFFFD', StringComparison.Ordinal);
}
