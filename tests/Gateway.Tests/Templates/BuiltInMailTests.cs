using System.Text.RegularExpressions;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Simple;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Templates;

/// <summary>What filters and Outlook find in the mails that come with the program.</summary>
public sealed partial class BuiltInMailTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src/Gateway/Features/Templates/BuiltIn/Texts");

    public static TheoryData<string> Mails => [.. Directory.GetFiles(Folder, "*.html.liquid").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_hides_nothing_has_no_style_that_nobody_uses_and_a_width_in_Outlook(string mail) =>
        AssertFit(File.ReadAllText(Path.Combine(Folder, mail)));

    [Theory]
    [InlineData(TemplateKind.Confirmation, "Confirm")]
    [InlineData(TemplateKind.Email, "")]
    public void What_simple_mode_makes_is_as_fit(object kind, string button)
    {
        var typed = WriteSimple.Begin((TemplateKind)kind, "en") with { Button = button };

        Assert.False(WriteSimple.Write(typed, (TemplateKind)kind, "en").IsRefused(out _, out var source));
        AssertFit(source!.Html);
        Assert.DoesNotMatch(@"\{\{ simple", source.Html);
    }

    private static void AssertFit(string html)
    {
        var used = Classes().Matches(html).SelectMany(match => match.Groups[1].Value.Split(' ')).ToHashSet();

        Assert.DoesNotMatch(@"font-size:\s*0", html);
        Assert.DoesNotMatch(@"(display:\s*none|visibility:\s*hidden)(?![^<]*mso-hide)", html);
        Assert.All(Selectors().Matches(html), match => Assert.Contains(match.Groups[1].Value, used));
        Assert.Matches(@"<!--\[if mso\]>\s*<table[^>]* width=""\d+""", html);
    }

    [GeneratedRegex("class=\"([^\"]+)\"")]
    private static partial Regex Classes();

    [GeneratedRegex(@"^\s*\.([a-z]+)[^{]*\{", RegexOptions.Multiline)]
    private static partial Regex Selectors();
}
