using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Tells Mailjet about many people by one job, and watches the job to its end.</summary>
internal sealed class MailjetJobs(IMailjetApi api, MailjetProperties properties, IOptions<MailjetOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SlowestLook = TimeSpan.FromSeconds(5);

    /// <returns>What became of all of them together; null when they must be pushed one by one to find out.</returns>
    public async Task<ListOutcome?> PushAsync(string list, string action, IReadOnlyList<ListChange> changes, CancellationToken ct)
    {
        using var answer = await api.ManageManyContactsAsync(
            new([new(long.Parse(list, CultureInfo.InvariantCulture), action)], [.. changes.Select(Contact)]),
            ct
        );
        return answer switch
        {
            { StatusCode: HttpStatusCode.Created or HttpStatusCode.OK, IsSuccessful: true, Content.Data: [var job, ..] } =>
                await WatchAsync(job.JobID, ct),
            { StatusCode: HttpStatusCode.BadRequest } => null,
            _ => MailjetAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome,
        };
    }

    private async Task<ListOutcome?> WatchAsync(long job, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        for (
            var pause = FirstLook;
            clock.GetElapsedTime(start) < options.Value.JobTimeLimit;
            pause = pause * 2 < SlowestLook ? pause * 2 : SlowestLook
        )
        {
            await Task.Delay(pause, clock, ct);
            using var answer = await api.ReadJobAsync(job, ct);
            if (answer is not { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.Data: [var state, ..] })
            {
                return MailjetAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome;
            }

            switch (state.Status)
            {
                case "Completed" when string.IsNullOrEmpty(state.Error):
                    return new ListOutcome.Synced();
                case "Completed" or "Error" or "Abort":
                    return null;
            }
        }

        return new ListOutcome.Later("Mailjet has not finished its job for these people in time.");
    }

    private ManyContact Contact(ListChange change) =>
        change.Desired == DesiredState.Subscribed
            ? new(change.Address, change.Name, properties.Of(change).Values)
            : new(change.Address, null, null);
}
