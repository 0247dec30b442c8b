using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Console.Layout;
using Gateway.Console.Story;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Submissions;

/// <summary>
/// One submission with all that came of it: received, understood, mail queued, handed over, delivered, confirmed, told to the provider and
/// to hooks. Each room is asked for its part.
/// </summary>
internal sealed class ReadSubmissionStory(
    SubmissionStore submissions,
    SignUps signUps,
    MessageStore messages,
    ContactStore contacts,
    ListStore lists,
    ReadConsents consents,
    ListSyncHistory syncs,
    DeliveryHistory deliveries
)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="withBody">Whether what came in is shown too.</param>
    /// <returns>Null when the site has no such submission.</returns>
    public async Task<SubmissionModel?> FindAsync(AdminPageContext context, string id, bool withBody, CancellationToken ct)
    {
        if (
            PublicId.Parse(PublicId.Submission, id) is not { } submissionId
            || await submissions.FindAsync(context.SiteId, submissionId, ct) is not { } row
        )
        {
            return null;
        }

        var content = SubmissionContent.Of(row);
        var requests = await signUps.OfSubmissionAsync(context.SiteId, row.Id, ct);
        var people = await contacts.GetManyAsync([.. requests.Select(one => one.ContactId).Distinct()], ct);
        return new(
            SubmissionRow.Of(row, $"{context.SiteUrl}/submissions"),
            content.FormUrl,
            content.ConsentTexts,
            [.. people.Values.Select(person => KeyValuePair.Create(person.Address, ContactUrl(context, person.Id)))],
            StoryStep.InOrder(await StepsAsync(context, row, content, requests, ct)),
            row.FailureCode is null ? null : $"{context.SiteUrl}/failed/{id}",
            row.Override is null ? null : await ChangedAsync(context.SiteId, row.Override, ct),
            content.IsEmpty,
            withBody ? Indented(Encoding.UTF8.GetString(row.Body)) : null
        );
    }

    private async Task<List<StoryStep>> StepsAsync(
        AdminPageContext context,
        Submission row,
        SubmissionContent content,
        List<OptInRequest> requests,
        CancellationToken ct
    )
    {
        var steps = new List<StoryStep> { new(row.ReceivedAt, T("Received"), content.FormUrl) };
        if (row.FailureCode is not null)
        {
            steps.Add(
                new(
                    row.ReceivedAt,
                    T("It failed"),
                    TStored(row.Failure),
                    "bad",
                    $"{context.SiteUrl}/failed/{PublicId.Format(PublicId.Submission, row.Id)}"
                )
            );
        }
        else if (row.State == SubmissionState.Waiting)
        {
            steps.Add(new(null, T("Waits to be understood"), T("That takes a few seconds.")));
        }
        else if (requests.Count == 0)
        {
            steps.Add(
                new(
                    row.ReceivedAt,
                    T("Understood"),
                    content.IsEmpty ? T("What came of it is erased.")
                        : content.Addresses.Count == 0 ? T("It asks for no list: no box was ticked. It is only kept.")
                        : T("Nothing was to be done: whoever it names is confirmed already, or was asked a moment before.")
                )
            );
        }

        var named = await lists.GetManyAsync([.. requests.Select(one => one.ListId).Distinct()], ct);
        var synced = await syncs.OfSubscriptionsAsync([.. requests.Select(one => one.SubscriptionId).Distinct()], ct);
        foreach (var request in requests)
        {
            var list = named.GetValueOrDefault(request.ListId)?.Name ?? T("a list that is gone");
            steps.Add(RequestSteps.Begun(request, list));
            steps.AddRange(await EndAsync(context, request, list, ct));
            if (request.State == OptInState.Confirmed && synced.TryGetValue(request.SubscriptionId, out var sync))
            {
                var isHere = named.GetValueOrDefault(request.ListId)?.Provider == LocalLists.Key;
                steps.AddRange(RequestSteps.Told(sync, list, isHere, context.SiteUrl));
            }
        }

        steps.AddRange(await MailsAsync(context, requests, ct));
        steps.AddRange(await HooksAsync(context, row, requests, ct));
        return steps;
    }

    private async Task<IEnumerable<StoryStep>> MailsAsync(AdminPageContext context, List<OptInRequest> requests, CancellationToken ct)
    {
        var mails = await messages.OfRequestsAsync([.. requests.Select(one => one.MailOf).Distinct()], ct);
        var events = (await messages.EventsOfAsync(mails.ConvertAll(one => one.Id), ct)).ToLookup(one => one.MessageId!.Value);
        return mails.SelectMany(mail => MailSteps.Of(mail, events[mail.Id], $"{context.SiteUrl}/messages"));
    }

    /// <summary>How the person answered. When, the ledger says.</summary>
    private async Task<List<StoryStep>> EndAsync(AdminPageContext context, OptInRequest request, string list, CancellationToken ct)
    {
        if (request.State != OptInState.Confirmed && request.State != OptInState.Cancelled)
        {
            return RequestSteps.Unanswered(request, list) is { } open ? [open] : [];
        }

        var kind = request.State == OptInState.Confirmed ? ConsentKind.Confirmed : ConsentKind.Cancelled;
        var answer = await consents.FindFirstAsync(
            context.SiteId,
            request.ContactId,
            request.ListId,
            kind,
            request.CreatedAt.AddMilliseconds(-1),
            ct
        );
        return
        [
            new(
                answer?.OccurredAt ?? request.CreatedAt,
                kind == ConsentKind.Confirmed ? T($"Confirmed “{list}”") : T($"Refused “{list}”: “this wasn't me”"),
                answer is null
                    ? T("The ledger's entry is gone, since the person was erased.")
                    : T($"Entry {answer.Sequence} of the ledger"),
                kind == ConsentKind.Confirmed ? "good" : "warn",
                answer is null ? null : $"{ContactUrl(context, request.ContactId)}/evidence"
            ),
        ];
    }

    private async Task<IEnumerable<StoryStep>> HooksAsync(
        AdminPageContext context,
        Submission row,
        List<OptInRequest> requests,
        CancellationToken ct
    )
    {
        var mine = requests.ConvertAll(one => PublicId.Format(PublicId.List, one.ListId));
        var told = await deliveries.OfAsync(
            context.SiteId,
            row.Id,
            [.. requests.Select(one => one.ContactId).Distinct()],
            row.ReceivedAt,
            ct
        );
        return told.Where(one => one.Delivery.EventId == row.Id || mine.Contains(ListOf(one.Data) ?? ""))
            .Select(one => HookSteps.Of(one, context.SiteUrl));
    }

    /// <returns>The list that an event is about; null when it is about none.</returns>
    private static string? ListOf(string data) =>
        JsonNode.Parse(data)?["list"] switch
        {
            JsonObject list => (string?)list["id"],
            JsonValue id => (string?)id,
            _ => null,
        };

    private async Task<string> ChangedAsync(Guid siteId, string stored, CancellationToken ct)
    {
        var change = Override.FromJson(stored);
        var list = change?.List is { } id ? (await lists.FindAsync(siteId, id, ct))?.Name ?? id : null;
        return string.Join(
            " ",
            new[]
            {
                change?.Email is { } field ? T($"The address is taken from the field “{field}”.") : null,
                change?.Name is { } name ? T($"The name is taken from the field “{name}”.") : null,
                list is null ? null : T($"The list is “{list}”."),
            }.OfType<string>()
        );
    }

    private static string ContactUrl(AdminPageContext context, Guid contactId) =>
        $"{context.SiteUrl}/contacts/{PublicId.Format(PublicId.Contact, contactId)}";

    /// <summary>For reading; a body that is no JSON, which the gateway would not have taken in, stays as it is.</summary>
    internal static string Indented(string json)
    {
        try
        {
            return JsonNode.Parse(json)!.ToJsonString(Readable);
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
