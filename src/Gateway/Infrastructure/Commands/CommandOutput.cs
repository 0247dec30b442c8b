using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Infrastructure.Commands;

/// <summary>What a command answers.</summary>
/// <param name="Data">For <c>--json</c>; null when it failed.</param>
/// <param name="Text">For people.</param>
/// <param name="ExitCode">0 when it did what was asked.</param>
internal sealed record CommandOutput(object? Data, string Text, int ExitCode = 0)
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one line of JSON and nothing else",
        Recursive = true,
    };

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>It could not be done, for this reason.</summary>
    public static CommandOutput Failed(string sentence) => new(null, sentence, 1);

    /// <summary>Writes it to where the command was told to write.</summary>
    public int Print(ParseResult parsed)
    {
        var (json, console) = (parsed.GetValue(Json), parsed.InvocationConfiguration);
        if (ExitCode != 0 && (Data is null || !json))
        {
            console.Error.WriteLine(Text);
        }
        else
        {
            console.Output.WriteLine(json ? JsonSerializer.Serialize(Data, Format) : Text);
        }

        return ExitCode;
    }
}
