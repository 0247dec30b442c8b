using Gateway.Console.Story;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Layout;

/// <summary>The filter of pages about all sites that leaves out what works.</summary>
internal static class NeedsAttention
{
    private const string Field = "show";
    private const string Value = "attention";

    /// <summary>As an address says it.</summary>
    public const string Query = $"{Field}={Value}";

    /// <param name="chosen">What the address says.</param>
    public static ListFilter Of(string? chosen) => new(Field, T("State"), chosen, [new("", T("all")), new(Value, T("needs attention"))]);
}
