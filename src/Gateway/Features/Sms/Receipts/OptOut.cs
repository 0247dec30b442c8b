namespace Gateway.Features.Sms.Receipts;

/// <summary>What a person asks for by answering with one word.</summary>
internal enum OptOut
{
    /// <summary>It is something else: a message to read.</summary>
    None,
    Stop,
    Start,
}

/// <summary>The words that carriers agree on, and those an account has of its own, which only Twilio knows.</summary>
internal static class OptOutWords
{
    private static readonly HashSet<string> Stop = new(
        ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"],
        StringComparer.OrdinalIgnoreCase
    );
    private static readonly HashSet<string> Start = new(["START", "YES", "UNSTOP"], StringComparer.OrdinalIgnoreCase);

    /// <param name="text">Counts only as a whole: "please stop by on Monday" asks for something else. "Stop!" and "Stop all." mean what
    /// they say.</param>
    /// <param name="optOutType">Twilio's own reading, where the account manages opt-outs there.</param>
    public static OptOut Read(string text, string? optOutType) =>
        optOutType switch
        {
            "STOP" => OptOut.Stop,
            "START" => OptOut.Start,
            "HELP" => OptOut.None,
            _ => Stop.Contains(Letters(text)) ? OptOut.Stop
            : Start.Contains(text.Trim()) ? OptOut.Start
            : OptOut.None,
        };

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}
