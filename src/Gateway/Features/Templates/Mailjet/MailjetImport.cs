using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Templates.Mailjet;

/// <summary>What came of a conversion: the text in Liquid, and what somebody should look at, in the order of the source.</summary>
internal sealed record MailjetConversion(string Liquid, IReadOnlyList<MailjetFinding> Findings);

/// <param name="Line">Of the tag in the source, counted from 1.</param>
/// <param name="Column">In characters, counted from 1.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Original">The tag as it stood in the source.</param>
/// <param name="IsLost">Whether something could not be converted, and not only changed.</param>
internal sealed record MailjetFinding(int Line, int Column, string Message, string Original, bool IsLost);

/// <summary>
/// Converts a template in Mailjet's language, so that people can bring theirs. Nothing is dropped: what has no equivalent is told with its
/// place, and stands
/// as a comment where it stood.
/// </summary>
/// <remarks>Mailjet's reference "Template language", and the older <c>[[data:name:"default"]]</c> and <c>[[UNSUB_LINK_EN]]</c> of its
/// marketing mails.</remarks>
internal static partial class MailjetImport
{
    /// <summary>Of converting one tag, in the units of <see cref="CpuBudget"/>.</summary>
    private const int TagCost = 256;

    /// <summary>In a turn of the site.</summary>
    /// <exception cref="RenderLimitException">It takes longer than people's templates may.</exception>
    public static Task<MailjetConversion> ConvertAsync(string source, Guid siteId, CancellationToken ct) =>
        TemplateThreads.Looking.RunAsync(siteId, () => Convert(source), ct);

    /// <exception cref="RenderLimitException">It takes longer than people's templates may.</exception>
    public static MailjetConversion Convert(string source)
    {
        using var budget = CpuBudget.Begin();
        source = UnicodeText.Mended(source);
        var findings = new MailjetFindings(source);
        var writer = new LiquidWriter(findings);
        var liquid = new StringBuilder(source.Length);
        var blocks = new Stack<Block>();
        var at = 0;
        foreach (Match tag in Tags().Matches(source))
        {
            CpuBudget.Spend(tag.Length + TagCost);
            liquid.Append(source, at, tag.Index - at);
            findings.Begin(tag.Index, tag.Value);
            var written =
                tag.Groups["print"] is { Success: true } print ? Print(print.Value, writer, findings)
                : tag.Groups["old"] is { Success: true } old ? Old(old.Value, writer, findings)
                : Command(tag.Groups["command"].Value.Trim(), writer, findings, blocks);
            liquid.Append(writer.TakeBefore()).Append(written).Append(findings.TakeComment());
            at = tag.Index + tag.Length;
        }

        liquid.Append(source, at, source.Length - at);
        foreach (var open in blocks)
        {
            findings.Begin(source.Length, "");
            findings.Changed($"{{% {open.Kind} %}} is never closed; it was closed at the end.", "");
            liquid.Append(open.Close());
        }

        return new(liquid.ToString(), findings.All);
    }

    private static string Print(string text, LiquidWriter writer, MailjetFindings findings) =>
        Read(text, findings) is { } expression ? $"{{{{ {writer.Value(expression)} }}}}" : "";

    /// <summary>The older way with square brackets, which knew links and contact properties.</summary>
    private static string Old(string text, LiquidWriter writer, MailjetFindings findings) =>
        text.StartsWith("UNSUB_LINK", StringComparison.OrdinalIgnoreCase) ? "{{ links.unsubscribe }}"
        : text.StartsWith("PERMALINK", StringComparison.OrdinalIgnoreCase) ? "{{ links.view }}"
        : Print(text, writer, findings);

    private static string Command(string command, LiquidWriter writer, MailjetFindings findings, Stack<Block> blocks)
    {
        var (word, rest) = command.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space
            ? (command[..space], command[space..].Trim())
            : (command, "");
        switch (word.ToLowerInvariant())
        {
            case "if":
                blocks.Push(new("if", 1));
                return $"{{% if {ConditionOf(rest, writer, findings)} %}}";

            case "elseif"
            or "elsif" when blocks.TryPeek(out var inside) && inside.Kind == "if":
                return Elsewhere(writer, findings, blocks, rest);

            case "else" when blocks.Count > 0:
                return "{% else %}";

            case "for" when Loop().Match(rest) is { Success: true } loop:
                blocks.Push(new("for", 1));
                var items = Read(loop.Groups[2].Value, findings) is { } read ? writer.Value(read) : "vars.missing";
                return $"{{% for {loop.Groups[1].Value} in {items} %}}";

            case "set" when Assignment().Match(rest) is { Success: true } set && Read(set.Groups[2].Value, findings) is { } value:
                return $"{{% assign {set.Groups[1].Value} = {writer.Value(value)} %}}";

            case "endif"
            or "endfor" when blocks.TryPeek(out var open) && string.Equals("end" + open.Kind, word, StringComparison.OrdinalIgnoreCase):
                return blocks.Pop().Close();

            case "else"
            or "elseif"
            or "elsif"
            or "endif"
            or "endfor":
                return findings.Missing($"{{% {word} %}} belongs to no block that is open here.", "");

            default:
                return findings.Missing($"The command {word} has no equivalent.", "");
        }
    }

    /// <summary>
    /// What a further condition needs to be worked out before it stands in an <c>else</c> of its own, which is closed together with the
    /// block.
    /// </summary>
    private static string Elsewhere(LiquidWriter writer, MailjetFindings findings, Stack<Block> blocks, string rest)
    {
        var condition = ConditionOf(rest, writer, findings);
        if (writer.TakeBefore() is not { Length: > 0 } before)
        {
            return $"{{% elsif {condition} %}}";
        }

        var block = blocks.Pop();
        blocks.Push(block with { Ends = block.Ends + 1 });
        return $"{{% else %}}{before}{{% if {condition} %}}";
    }

    private static string ConditionOf(string text, LiquidWriter writer, MailjetFindings findings) =>
        Read(text, findings) is { } expression ? writer.Condition(expression) : "false";

    /// <param name="Ends">How many ends close it.</param>
    private sealed record Block(string Kind, int Ends)
    {
        public string Close() => string.Concat(Enumerable.Repeat($"{{% end{Kind} %}}", Ends));
    }

    private static MailjetExpression? Read(string text, MailjetFindings findings)
    {
        var (expression, readTo) = MailjetGrammar.Parse(text.Trim());
        if (expression is null)
        {
            findings.Missing(ErrorOf(text.Trim(), readTo), "");
        }

        return expression;
    }

    private static string ErrorOf(string text, int readTo) =>
        text.Length > MailjetGrammar.MaxExpression ? $"It has more than {MailjetGrammar.MaxExpression} characters."
        : readTo == 0 ? $"“{text}” cannot be read, or is nested too deeply."
        : $"This cannot be read from “{text[Math.Min(readTo, text.Length)..]}” on.";

    [GeneratedRegex(
        @"\{\{(?<print>.*?)\}\}|\{%-?(?<command>.*?)-?%\}|\[\[(?<old>(?:data|var|UNSUB_LINK|PERMALINK)[^\]]*)\]\]",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex Tags();

    [GeneratedRegex(@"^(\w+)\s+in\s+(.+)$", RegexOptions.Singleline)]
    private static partial Regex Loop();

    [GeneratedRegex(@"^(\w+)\s*=\s*(.+)$", RegexOptions.Singleline)]
    private static partial Regex Assignment();
}
