namespace Gateway.Features.Sms.Sandbox;

/// <summary>
/// Sends nothing: the message's row is what a developer looks at, beside the mails in the development mailbox. Every message is delivered
/// at once.
/// </summary>
internal sealed class SandboxSms : ISmsProvider
{
    public string Name => SmsRoute.Sandbox;

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(1);

    public TimeSpan? AskAgainAfter(int asked) => asked == 0 ? TimeSpan.Zero : null;

    public Task<SmsOutcome> SendAsync(SmsCall call, CancellationToken ct) => Task.FromResult<SmsOutcome>(new SmsOutcome.Sent(Id(call)));

    public Task<LookupResult> FindAsync(SmsCall call, CancellationToken ct) => Task.FromResult<LookupResult>(new LookupResult.NotFound());

    public Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct) =>
        Task.FromResult<SmsReport?>(new(Id(call), SmsState.Delivered, $"{Id(call)}:delivered", """{"status":"delivered"}"""u8.ToArray()));

    private static string Id(SmsCall call) => $"sandbox-{call.Sms.Id:N}-{call.Sms.Tries}";
}

/// <summary>There is nothing to sign in to.</summary>
internal sealed class SandboxAccount : ISmsAccount
{
    public string Name => "sandbox";

    public IReadOnlyList<string> Senders => ["Sandbox"];

    public double MessagesPerSecond => 0;

    public IEnumerable<string> Errors() => [];
}
