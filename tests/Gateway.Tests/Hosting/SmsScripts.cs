using System.Collections.Concurrent;
using Gateway.Features.Sms;

namespace Gateway.Tests.Hosting;

/// <summary>Stands where the sandbox would be: counts the calls for each message, and does for a site what its test says.</summary>
internal sealed class SmsScripts
{
    private readonly ConcurrentDictionary<Guid, SmsScript> _sites = new();

    /// <summary>What the provider does for this site from now on.</summary>
    public SmsScript For(SiteUnderTest site) => _sites.GetOrAdd(site.Id, _ => new());

    public ISmsProvider Over(ISmsProvider sandbox) => new Scripted(_sites, sandbox);

    private sealed class Scripted(ConcurrentDictionary<Guid, SmsScript> sites, ISmsProvider sandbox) : ISmsProvider
    {
        public string Name => sandbox.Name;

        public TimeSpan TimeLimit => sandbox.TimeLimit;

        public TimeSpan? AskAgainAfter(int asked) => sandbox.AskAgainAfter(asked);

        public Task<SmsOutcome> SendAsync(SmsCall call, CancellationToken ct)
        {
            var script = sites.GetValueOrDefault(call.Sms.SiteId);
            script?.Calls.Add((call.Sms.Recipient, call.Sms.Text, call.Sms.Tries, call.StatusCallback));
            return script?.Send?.Invoke(call) ?? sandbox.SendAsync(call, ct);
        }

        public Task<LookupResult> FindAsync(SmsCall call, CancellationToken ct) =>
            sites.GetValueOrDefault(call.Sms.SiteId)?.Find?.Invoke(call) ?? sandbox.FindAsync(call, ct);

        public Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct) =>
            sites.GetValueOrDefault(call.Sms.SiteId)?.Ask?.Invoke(call) ?? sandbox.AskAsync(call, ct);
    }
}

internal sealed class SmsScript
{
    /// <summary>Every send call there was.</summary>
    public ConcurrentBag<(string To, string Text, int Try, Uri StatusCallback)> Calls { get; } = [];

    public Func<SmsCall, Task<SmsOutcome>>? Send { get; set; }

    public Func<SmsCall, Task<LookupResult>>? Find { get; set; }

    public Func<SmsCall, Task<SmsReport?>>? Ask { get; set; }
}
