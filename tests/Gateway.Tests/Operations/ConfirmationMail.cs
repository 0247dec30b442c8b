using System.Text.RegularExpressions;
using MimeKit;

namespace Gateway.Tests.Operations;

/// <summary>The secrets of a confirmation mail.</summary>
internal static partial class ConfirmationMail
{
    public static string ConfirmToken(this MimeMessage mail) => Link().Match(mail.TextBody!).Groups[1].Value;

    public static string Code(this MimeMessage mail) => Digits().Match(mail.TextBody!).Value;

    [GeneratedRegex(@"/c/([\w-]{32})\s")]
    private static partial Regex Link();

    [GeneratedRegex(@"\b\d{8}\b")]
    private static partial Regex Digits();
}
