namespace Gateway.Infrastructure.Text;

/// <summary>
/// A line of a CSV file (RFC 4180). A field that a spreadsheet would take for a formula begins with an apostrophe, which spreadsheets hide:
/// whoever typed an address must not run anything on the machine of whoever looks at it (OWASP, "CSV Injection").
/// </summary>
internal static class CsvLine
{
    private static readonly char[] Formula = ['=', '+', '-', '@', '\t', '\r'];
    private static readonly char[] Quoted = [',', '"', '\r', '\n'];

    /// <returns>Without its line end; null is an empty field.</returns>
    public static string Of(params IEnumerable<string?> fields) => string.Join(',', fields.Select(Field));

    private static string Field(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }

        var harmless = Formula.Contains(value[0]) ? "'" + value : value;
        return harmless.AsSpan().ContainsAny(Quoted) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
