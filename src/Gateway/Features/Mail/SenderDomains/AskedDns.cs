using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// The answers of one check: each question is asked once, and whoever writes records can make it neither ask without end nor wait without
/// end.
/// </summary>
/// <param name="limit">Ends the time of the whole check.</param>
internal sealed class AskedDns(IDnsAnswers dns, CancellationToken limit) : IDnsAnswers
{
    /// <summary>A large set-up takes about fifty.</summary>
    private const int MaxQuestions = 150;

    /// <summary>Far beyond any record that is of use; a server could write one that takes hours to look at.</summary>
    private const int MaxText = 4_096;
    private const int MaxValues = 100;

    private const int MaxName = 253;
    private const int MaxLabel = 63;

    private readonly Dictionary<(string Name, DnsRecordType Type), DnsAnswer> _known = [];

    public async Task<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken ct)
    {
        var plain = name.TrimEnd('.').ToLowerInvariant();
        if (plain.Length is 0 or > MaxName || plain.Split('.').Any(label => label.Length is 0 or > MaxLabel))
        {
            // RFC 7208, section 4.3: such a name cannot be asked for, so there is nothing.
            return DnsAnswer.NoName;
        }

        if (_known.TryGetValue((plain, type), out var known))
        {
            return known;
        }

        if (_known.Count >= MaxQuestions)
        {
            return new(DnsOutcome.Failed, [], Detail: $"the records lead to more than {MaxQuestions} questions");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit);
        try
        {
            return _known[(plain, type)] = Bounded(await dns.AskAsync(plain, type, either.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(DnsOutcome.TimedOut, [], Detail: "the time for this check was used up");
        }
    }

    private static DnsAnswer Bounded(DnsAnswer answer) =>
        answer.Values.Count > MaxValues ? new(DnsOutcome.Failed, [], Detail: $"there are more than {MaxValues} records")
        : answer.Values.Any(value => value.Text.Length > MaxText)
            ? new(DnsOutcome.Failed, [], Detail: $"a record has more than {MaxText:N0} characters")
        : answer;
}
