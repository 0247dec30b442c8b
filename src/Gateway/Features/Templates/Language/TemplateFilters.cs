using System.Net;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// The filters of the language. Each is given only so much work, and none makes HTML of a value: what comes out of a filter is encoded
/// where it is printed,
/// even if it went in as HTML that was encoded before, since a filter could have undone that.
/// </summary>
internal static partial class TemplateFilters
{
    public const string Raw = "raw";

    private static readonly string[] OfFluid =
    [
        "abs",
        "append",
        "at_least",
        "at_most",
        "capitalize",
        "ceil",
        "compact",
        "concat",
        "date",
        "default",
        "divided_by",
        "downcase",
        "find",
        "find_index",
        "first",
        "floor",
        "format_date",
        "format_number",
        "has",
        "join",
        "last",
        "lstrip",
        "map",
        "minus",
        "modulo",
        "plus",
        "prepend",
        "reject",
        "remove",
        "remove_first",
        "remove_last",
        "replace",
        "replace_first",
        "replace_last",
        "reverse",
        "round",
        "rstrip",
        "size",
        "slice",
        "sort",
        "sort_natural",
        "split",
        "strip",
        "strip_html",
        "strip_newlines",
        "sum",
        "time_zone",
        "times",
        "truncate",
        "truncatewords",
        "uniq",
        "upcase",
        "url_decode",
        "url_encode",
        "where",
    ];

    /// <summary>They only take white space away, which cannot undo an encoding.</summary>
    private static readonly HashSet<string> KeepEncoding = ["strip", "lstrip", "rstrip", "strip_newlines"];

    private const int MaxFormat = 100;

    public static IReadOnlyCollection<string> Names { get; } =
    [.. NewOptions().Filters.Select(filter => filter.Key).Order(StringComparer.Ordinal)];

    public static TemplateOptions NewOptions()
    {
        var options = new TemplateOptions { MaxRecursion = 20 };
        var all = options.Filters.ToDictionary(filter => filter.Key, filter => filter.Value);
        options.Filters.Clear();
        foreach (var name in OfFluid)
        {
            options.Filters.AddFilter(
                name,
                (input, arguments, context) => LimitedAsync(name, all[name], input, arguments, (RenderContext)context)
            );
        }

        // That it stands only on what the template's author wrote is seen to when the template is parsed.
        options.Filters.AddFilter(Raw, (input, _, _) => Html(input.ToStringValue()));
        options.Filters.AddFilter("escape", (input, _, context) => IsText(context) ? input : Html(Encode(input, context)));
        options.Filters.AddFilter(
            "escape_once",
            (input, _, context) => IsText(context) ? input : Html(WebUtility.HtmlEncode(WebUtility.HtmlDecode(Read(input, context))))
        );
        options.Filters.AddFilter(
            "newline_to_br",
            (input, _, context) => IsText(context) ? input : Html(Encode(input, context).ReplaceLineEndings("<br>\n"))
        );
        options.Filters.AddFilter("paragraphs", (input, _, context) => TextParagraphs.Of(Read(input, context)));
        options.Filters.AddFilter("first_words", (input, _, context) => new StringValue(TextParagraphs.FirstWords(Read(input, context))));
        return options;
    }

    private static async ValueTask<FluidValue> LimitedAsync(
        string name,
        FilterDelegate filter,
        FluidValue input,
        FilterArguments arguments,
        RenderContext context
    )
    {
        try
        {
            context.Work(Cost(name, input, arguments, context));
            return Checked(name, await filter(input, arguments, context), input, context);
        }
        catch (Exception impossible)
            when (impossible is ArgumentException or FormatException or ArithmeticException or InvalidCastException or FluidException)
        {
            // A value that a filter can do nothing with must not stop a mail: it is empty, and the preview says so.
            context.Troubles.Add($"The filter {name} can do nothing with the value it got, so the result is empty.");
            return NilValue.Instance;
        }
    }

    /// <returns>About how many characters the filter reads and writes, before it does: a few could make billions of few.</returns>
    private static long Cost(string name, FluidValue input, FilterArguments arguments, RenderContext context)
    {
        var length = Length(input);
        var first = arguments.At(0).ToStringValue();
        switch (name)
        {
            case "replace":
                var found = first.Length == 0 ? 0 : input.ToStringValue().AsSpan().Count(first);
                return length + ((long)found * arguments.At(1).ToStringValue().Length);
            case "join" when input.Type == FluidValues.Array:
                return input.Enumerate(context).Sum(item => (long)Length(item) + first.Length);
            case "date" or "format_date" or "format_number" when first.Length > MaxFormat || ThreeDigits().IsMatch(first):
                throw new FormatException();
            default:
                return length + first.Length + arguments.At(1).ToStringValue().Length;
        }
    }

    private static FluidValue Checked(string name, FluidValue result, FluidValue input, RenderContext context)
    {
        if (result.Type == FluidValues.Array)
        {
            var items = result.Enumerate(context).ToArray();
            context.Work(items.Length);
            return items.Length > RenderContext.MaxItems
                    ? throw new RenderLimitException($"A list may have at most {RenderContext.MaxItems:N0} members.")
                : items.Any(IsHtml)
                    ? new ArrayValue([.. items.Select(item => IsHtml(item) ? new StringValue(item.ToStringValue()) : item)])
                : result;
        }

        context.Work(Length(result));
        return IsHtml(result) && !ReferenceEquals(result, input) && !KeepEncoding.Contains(name)
            ? new StringValue(result.ToStringValue())
            : result;
    }

    private static bool IsText(TemplateContext context) => !((RenderContext)context).IsHtml;

    private static bool IsHtml(FluidValue value) => value is StringValue { Encode: false };

    private static StringValue Html(string text) => new(text, encode: false);

    /// <summary>What is HTML already stays as it is.</summary>
    private static string Encode(FluidValue input, TemplateContext context) =>
        IsHtml(input) ? Read(input, context) : WebUtility.HtmlEncode(Read(input, context));

    private static string Read(FluidValue input, TemplateContext context)
    {
        var text = input.ToStringValue();
        ((RenderContext)context).Work(text.Length);
        return text;
    }

    private static int Length(FluidValue value) => value is StringValue ? value.ToStringValue().Length : 1;

    [GeneratedRegex(@"\d{3}")]
    private static partial Regex ThreeDigits();
}
