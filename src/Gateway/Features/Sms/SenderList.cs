namespace Gateway.Features.Sms;

/// <summary>Senders as settings name them: <c>ACME, +15005550006</c>.</summary>
internal static class SenderList
{
    public static string[] Parse(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
