namespace Gateway.Features.Templates.Mailjet;

/// <summary>
/// Writes expressions in Liquid. Where Mailjet nests what Liquid cannot (arithmetic in a condition, brackets, <c>not</c>, <c>xor</c>), the
/// inner part is
/// worked out before into a variable of its own.
/// </summary>
internal sealed class LiquidWriter(MailjetFindings findings)
{
    private static readonly Dictionary<string, string> Filters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["upper"] = "upcase",
        ["lower"] = "downcase",
        ["capitalize"] = "capitalize",
        ["replace"] = "replace",
        ["split"] = "split",
        ["trim"] = "strip",
        ["length"] = "size",
        ["round"] = "round",
        ["floor"] = "floor",
        ["ceil"] = "ceil",
        ["abs"] = "abs",
        ["escape"] = "escape",
        ["urlencode"] = "url_encode",
        ["join"] = "join",
        ["first"] = "first",
        ["last"] = "last",
    };

    private static readonly Dictionary<string, string> Arithmetic = new()
    {
        ["+"] = "plus",
        ["-"] = "minus",
        ["*"] = "times",
        ["/"] = "divided_by",
        ["div"] = "divided_by",
        ["mod"] = "modulo",
    };

    private static readonly Dictionary<string, string> Comparisons = new()
    {
        ["="] = "==",
        ["=="] = "==",
        ["==="] = "==",
        ["!="] = "!=",
        ["!=="] = "!=",
        ["<>"] = "!=",
        ["<"] = "<",
        [">"] = ">",
        ["<="] = "<=",
        [">="] = ">=",
    };

    private readonly List<string> _before = [];
    private int _made;

    /// <summary>What must stand before the tag that is being written; asking takes it away.</summary>
    public string TakeBefore()
    {
        var before = string.Concat(_before);
        _before.Clear();
        return before;
    }

    /// <summary>An expression as an output or an assignment takes it: a value and filters.</summary>
    public string Value(MailjetExpression expression) =>
        expression switch
        {
            MailjetExpression.Literal literal => literal.Liquid,
            MailjetExpression.Variable variable => Variable(variable),
            MailjetExpression.Call call => Call(call),
            MailjetExpression.Binary { Operator: var sign, Left: var left, Right: var right }
                when Arithmetic.TryGetValue(sign, out var filter) => WithFilter(left, sign, filter, right),
            _ => Truth(expression),
        };

    /// <summary>An expression as <c>if</c> takes it.</summary>
    public string Condition(MailjetExpression expression) =>
        expression switch
        {
            MailjetExpression.Binary { Operator: "and" or "&&" } both => $"{Operand(both.Left, "and")} and {Operand(both.Right, "and")}",
            MailjetExpression.Binary { Operator: "or" or "||" } either =>
                $"{Operand(either.Left, "or")} or {Operand(either.Right, "or")}",
            MailjetExpression.Binary { Operator: "xor" } one => $"{Truth(one.Left)} != {Truth(one.Right)}",
            MailjetExpression.Binary comparison when Comparisons.TryGetValue(comparison.Operator, out var sign) =>
                $"{Simple(comparison.Left)} {sign} {Simple(comparison.Right)}",
            MailjetExpression.Not not => $"{Truth(not.Operand)} == false",
            _ => Simple(expression),
        };

    /// <summary>
    /// A part of a chain of one operator; where another operator is inside, it is worked out before, since Liquid has no brackets.
    /// </summary>
    private string Operand(MailjetExpression expression, string chain)
    {
        var inside = expression is MailjetExpression.Binary { Operator: var sign }
            ? sign switch
            {
                "&&" => "and",
                "||" => "or",
                _ => sign,
            }
            : null;
        return inside is "and" or "or" && inside != chain ? Truth(expression) + " == true" : Condition(expression);
    }

    /// <summary>A value without filters, which is all that a condition takes.</summary>
    private string Simple(MailjetExpression expression)
    {
        var value = Value(expression);
        if (!value.Contains(" | ", StringComparison.Ordinal) || expression is MailjetExpression.Literal)
        {
            return value;
        }

        var name = NewName();
        _before.Add($"{{% assign {name} = {value} %}}");
        return name;
    }

    /// <summary>A variable that is true or false as the condition is.</summary>
    private string Truth(MailjetExpression expression)
    {
        var condition = Condition(expression);
        var name = NewName();
        _before.Add($"{{% if {condition} %}}{{% assign {name} = true %}}{{% else %}}{{% assign {name} = false %}}{{% endif %}}");
        return name;
    }

    private string WithFilter(MailjetExpression left, string sign, string filter, MailjetExpression right)
    {
        // Liquid drops the rest where the divisor is a whole number.
        var argument = Simple(sign == "/" ? new MailjetExpression.Binary("*", right, new MailjetExpression.Literal("1.0")) : right);
        return sign switch
        {
            "div" => $"{Value(left)} | {filter}: {argument} | floor",
            _ => $"{Value(left)} | {filter}: {argument}",
        };
    }

    private string Call(MailjetExpression.Call call)
    {
        if (call.Arguments.Count == 0)
        {
            return findings.Missing($"The function {call.Function} has no equivalent.", "\"\"");
        }

        var value = Value(call.Arguments[0]);
        if (Filters.TryGetValue(call.Function, out var filter))
        {
            var arguments = string.Join(", ", call.Arguments.Skip(1).Select(Simple));
            return $"{value} | {filter}{(arguments.Length > 0 ? ": " + arguments : "")}";
        }

        return call.Function.ToLowerInvariant() switch
        {
            "formatdate" => findings.Changed(
                "FormatDate became the filter date; check its format, since the letters differ.",
                $"{value} | date: {Arguments(call, "\"%d/%m/%Y\"")}"
            ),
            "formatnumberlocale" => findings.Changed(
                "FormatNumberLocale became format_number; check how the number looks.",
                $"{value} | format_number: \"N2\""
            ),
            _ => findings.Missing($"The function {call.Function} has no equivalent; its first argument stands without it.", value),
        };
    }

    private string Arguments(MailjetExpression.Call call, string otherwise) =>
        call.Arguments.Count > 1 ? Simple(call.Arguments[1]) : otherwise;

    private string Variable(MailjetExpression.Variable variable)
    {
        var path = variable.Namespace switch
        {
            null => variable.Path,
            "var" => "vars." + variable.Path,
            "data" => "contact." + variable.Path,
            "mj" => Predefined(variable.Path),
            _ => findings.Missing(
                $"The segment {variable.Path} is Mailjet's. Make a segment here and put a section around this part.",
                "false"
            ),
        };
        return variable.Default is { } otherwise ? $"{path} | default: {otherwise}" : path;
    }

    private string Predefined(string path) =>
        path.ToLowerInvariant() switch
        {
            var name when name.Contains("unsub", StringComparison.Ordinal) => "links.unsubscribe",
            var name when name.Contains("permalink", StringComparison.Ordinal) => "links.view",
            "contact.email" or "contact_email" or "email" => "contact.email",
            _ => findings.Missing($"mj:{path} is known to Mailjet only.", "\"\""),
        };

    private string NewName() => $"mailjet_{++_made}";
}
