using System.Text;
using System.Text.Json;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Importing;

/// <summary><c>gateway import preview</c>: how a file is read, whatever wrote it.</summary>
public sealed class ImportFileTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"preview-{Guid.CreateVersion7():N}.csv");

    private static Encoding Windows1252 => CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("windows-1252", false)]
    public async Task Any_encoding_is_found_out(string encoding, bool hasMark)
    {
        var written = encoding == "windows-1252" ? Windows1252 : Encoding.GetEncoding(encoding);
        var text = "email;name\r\nada@example.org;Renée Müller – “Ada”\r\n";
        byte[] mark = hasMark ? written.GetPreamble() : [];

        var shown = await PreviewAsync([.. mark, .. written.GetBytes(text)]);

        Assert.Equal(
            (encoding.ToUpperInvariant(), ";"),
            (shown.GetProperty("encoding").GetString()!.ToUpperInvariant(), shown.GetProperty("separator").GetString())
        );
        Assert.Equal(["ada@example.org", "Renée Müller – “Ada”"], Cells(shown, 0));
    }

    [Fact]
    public async Task A_first_accent_far_below_is_read_as_well()
    {
        var head = Encoding.ASCII.GetBytes("email,name\n" + string.Concat(Enumerable.Range(0, 9).Select(n => $"a{n}@example.org,A\n")));

        var shown = await PreviewAsync([.. head, .. Windows1252.GetBytes("ü@example.org,Jürgen\n")]);

        Assert.Equal(["ü@example.org", "Jürgen"], Cells(shown, 9));
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public async Task Any_separator_is_found_out(string separator)
    {
        var shown = await PreviewAsync(
            Encoding.UTF8.GetBytes($"email{separator}name\nada@example.org{separator}\"Ada, {separator} \"\"Countess\"\"\"\n")
        );

        Assert.Equal(separator, shown.GetProperty("separator").GetString());
        Assert.Equal(["ada@example.org", $"Ada, {separator} \"Countess\""], Cells(shown, 0));
    }

    [Fact]
    public async Task Quotes_go_across_lines_and_lines_are_counted_as_an_editor_shows_them()
    {
        var shown = await PreviewAsync("email,note\nada@example.org,\"one\ntwo\"\n\nbob@example.org,x\n"u8.ToArray());

        Assert.Equal("one\ntwo", Cells(shown, 0)[1]);
        Assert.Equal([2, 5], shown.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Three_hundred_columns_are_as_good_as_three()
    {
        var heading = string.Join(',', Enumerable.Range(1, 299).Select(n => $"c{n}").Append("Email Address"));
        var row = string.Join(',', Enumerable.Repeat("x", 299).Append("ada@example.org"));

        var shown = await PreviewAsync(Encoding.UTF8.GetBytes($"{heading}\n{row}\n"));

        Assert.Equal(300, shown.GetProperty("columns").GetArrayLength());
        Assert.Equal("email", shown.GetProperty("columns")[299].GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_file_without_a_heading_has_numbers_for_names()
    {
        var shown = await PreviewAsync("Ada,ada@example.org\nBob,bob@example.org\n"u8.ToArray());

        Assert.Equal(2, shown.GetProperty("rows").GetArrayLength());
        Assert.Equal(
            [("#1", null), ("#2", "email")],
            shown
                .GetProperty("columns")
                .EnumerateArray()
                .Select(one => (one.GetProperty("name").GetString()!, one.GetProperty("field").GetString()))
        );
    }

    [Fact]
    public async Task A_quotation_mark_that_is_never_closed_is_told_and_takes_no_memory()
    {
        var refused = await TryAsync([.. "email\n\""u8, .. Enumerable.Repeat((byte)'x', 300_000)]);

        Assert.Equal(1, refused.Code);
        Assert.Contains("never closed", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_without_an_end_is_told_and_takes_no_memory()
    {
        var refused = await TryAsync([.. "email\nada@example.org"u8, .. Enumerable.Repeat((byte)',', 20_000_000)]);

        Assert.Equal(1, refused.Code);
        Assert.Contains("The row on line 2 is too long", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_long_rows_are_no_long_row()
    {
        var row = "ada@example.org," + new string('x', 90_000) + "\n";

        var shown = await PreviewAsync(Encoding.UTF8.GetBytes("email,note\n" + string.Concat(Enumerable.Repeat(row, 40))));

        Assert.Equal(90_000, Cells(shown, 9)[1].Length);
    }

    [Fact]
    public async Task A_heading_is_shortened()
    {
        var shown = await PreviewAsync(Encoding.UTF8.GetBytes($"{new string('x', 90_000)},email\n1,ada@example.org\n"));

        Assert.Equal(new string('x', 200), shown.GetProperty("columns")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_is_said_counts_more_than_what_would_be_found_out()
    {
        await File.WriteAllBytesAsync(path, "email;name\nada@example.org;\xA4\n"u8.ToArray());
        var unknown = await RunAsync("import", "preview", path, "--encoding", "klingon");
        var separator = await RunAsync("import", "preview", path, "--separator", "x");
        await File.WriteAllBytesAsync(path, [.. "email;name\nada@example.org;"u8, 0xA4, (byte)'\n']);
        var read = await RunAsync("import", "preview", path, "--encoding", "iso-8859-15", "--separator", "semicolon", "--json");

        Assert.Contains("encoding is", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("separator is", separator.Error, StringComparison.Ordinal);
        Assert.Equal("€", Cells(read.Json, 0)[1]);
    }

    public void Dispose() => File.Delete(path);

    private static string[] Cells(JsonElement shown, int row) =>
        [.. shown.GetProperty("rows")[row].GetProperty("cells").EnumerateArray().Select(cell => cell.GetString()!)];

    private async Task<JsonElement> PreviewAsync(byte[] file) => (await TryAsync(file)).Json;

    private async Task<CommandResult> TryAsync(byte[] file)
    {
        await File.WriteAllBytesAsync(path, file);
        return await RunAsync("import", "preview", path, "--json");
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandResult.OfAsync(() => throw new InvalidOperationException("A preview needs no database."), "", arguments);
}
