using Gateway.Features.Contacts;
using Gateway.Features.Imports.Reading;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.ContactsApi.Batch;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>What came of some rows, by kinds as <see cref="Import"/> counts them.</summary>
internal sealed record RowCounts(int Subscribed, int Asked, int Known, int Suppressed, int Refused);

/// <summary>
/// Does what some rows of an import ask for, inside the caller's transaction: suppresses, subscribes or asks people, and remembers what it
/// added and what was not taken.
/// </summary>
internal sealed class ApplyRows(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    RecordSuppression suppress,
    ProveSubscription prove,
    AskSiteMember ask,
    TimeProvider clock
)
{
    /// <summary>Who says so, where an import suppresses somebody.</summary>
    private const string Source = "import";

    /// <summary>Those whom rows call gone, before any other row of the file is looked at: none may put them on the list.</summary>
    public async Task SuppressAsync(IEnumerable<ImportedPerson> gone, ContactList list, CancellationToken ct)
    {
        foreach (var person in gone)
        {
            await SuppressAsync(person, list, ct);
        }
    }

    /// <param name="list">Null when it is gone: no row can be taken.</param>
    public async Task<RowCounts> ApplyAsync(Import import, Site site, ContactList? list, ReadRows rows, CancellationToken ct)
    {
        var refused = rows.Refused.ToList();
        void Refuse(ImportedPerson person, string why) =>
            refused.Add(
                new()
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    ImportId = import.Id,
                    SiteId = import.SiteId,
                    Line = person.Line,
                    Address = Shortening.To(person.Address.Text, RefusedRow.MaxAddress),
                    AddressKey = person.Address.Key,
                    Reason = why,
                }
            );

        var counts = new RowCounts(0, 0, 0, 0, 0);
        if (list is null)
        {
            rows.People.ToList().ForEach(person => Refuse(person, "The list is gone."));
        }
        else
        {
            // Whoever left goes first: another row about them must not put them on the list.
            var gone = rows.People.Where(person => person.Suppressed is not null).ToList();
            await SuppressAsync(gone, list, ct);
            List<ImportedPerson> coming = [.. rows.People.Where(person => person.Suppressed is null)];
            counts =
                import.Consent == ImportConsent.Proven
                    ? await ProveAsync(import, site, list, coming, Refuse, ct)
                    : await AskAsync(import, site, list, coming, Refuse, ct);
            counts = counts with { Suppressed = gone.Count };
        }

        await db.InsertNewAsync(refused, ct);
        return counts with { Refused = refused.Count };
    }

    private async Task SuppressAsync(ImportedPerson person, ContactList list, CancellationToken ct)
    {
        var reason = person.Suppressed!.Value;
        if (reason != SuppressionReason.Unsubscribed)
        {
            await suppress.RecordAsync(CauseOf(person, list, listId: null), ct);
            return;
        }

        await suppressions.RefuseAsync(list.SiteId, list.Id, person.Address.Key, reason, Source, ct);
        if (await contacts.FindAsync(list.SiteId, person.Address, ct) is not null)
        {
            await suppress.RecordAsync(CauseOf(person, list, list.Id), ct);
        }
    }

    private static SuppressionCause CauseOf(ImportedPerson person, ContactList list, Guid? listId) =>
        new(list.SiteId, person.Address, person.Suppressed!.Value, Source, "A file that was imported says so.", MessageId: null, listId)
        {
            IsTold = false,
        };

    private async Task<RowCounts> ProveAsync(
        Import import,
        Site site,
        ContactList list,
        List<ImportedPerson> people,
        Action<ImportedPerson, string> refuse,
        CancellationToken ct
    )
    {
        var outcomes = await prove.SubscribeBroughtAlongAsync(
            people.ConvertAll(person => new Proof(
                site,
                list,
                person.Address,
                person.Name,
                Languages.Find(person.Language),
                person.Properties,
                import.ConsentText,
                import.Source!,
                person.ConsentAt!.Value,
                PolicyUrl: null,
                PolicyVersion: null,
                import.Actor
            )
            {
                Ip = person.Ip,
                Import = PublicId.Format(PublicId.Import, import.Id),
            }),
            ct
        );
        foreach (var (person, outcome) in people.Zip(outcomes).Where(pair => pair.Second.Refused is not null))
        {
            refuse(person, WhyNot(outcome.Refused!.Value));
        }

        await RememberAsync(import, [.. outcomes.Select(outcome => outcome.Added?.Id).OfType<Guid>()], ct);
        return new(
            Subscribed: outcomes.Count(outcome => outcome.IsNews),
            Asked: 0,
            Known: outcomes.Count(outcome => outcome is { IsNews: false, Refused: null }),
            Suppressed: 0,
            Refused: 0
        );
    }

    private async Task<RowCounts> AskAsync(
        Import import,
        Site site,
        ContactList list,
        List<ImportedPerson> people,
        Action<ImportedPerson, string> refuse,
        CancellationToken ct
    )
    {
        var (asked, known, added, again) = (0, 0, new List<Guid>(), new List<Guid>());
        foreach (var person in people)
        {
            var command = new OptInCommand(
                site.Id,
                list,
                person.Address,
                Languages.Pick(person.Language, site.Language),
                new()
                {
                    Name = person.Name,
                    Properties = person.Properties.ToDictionary(one => one.Key, one => one.Value),
                    ConsentText = "",
                    Source = $"import: {import.Name}",
                    SubmittedAt = clock.GetUtcNow().UtcDateTime,
                },
                SubmissionId: null
            );
            var answer = await ask.AskAsync(command, agreedAt: null, ct);
            if (answer.Refused is { } reason)
            {
                refuse(person, WhyNot(reason));
                continue;
            }

            if (answer is { IsAsked: false, Standing.State: SubscriptionState.Removed })
            {
                refuse(person, "The person was asked a short while ago and taken off the list since. Import them again in a day.");
                continue;
            }

            (asked, known) = answer.IsAsked ? (asked + 1, known) : (asked, known + 1);
            (answer.IsNew ? added : again).Add(answer.Standing!.Id);
        }

        // Whom another import asked, and this one would have asked too, is not taken back with that.
        await db
            .ImportedSubscriptions.Where(row => again.Contains(row.SubscriptionId) && row.ImportId != import.Id)
            .ExecuteDeleteAsync(ct);
        await RememberAsync(import, added, ct);
        return new(Subscribed: 0, asked, known, Suppressed: 0, Refused: 0);
    }

    /// <summary>As they are stored: statements may have changed them since they were added.</summary>
    private async Task RememberAsync(Import import, List<Guid> added, CancellationToken ct)
    {
        var stored = await subscriptions.GetManyAsync(added, ct);

        // Somebody who was taken off since another import had added them is there by this one.
        await db.ImportedSubscriptions.Where(row => added.Contains(row.SubscriptionId)).ExecuteDeleteAsync(ct);
        await db.InsertNewAsync(
            [
                .. stored.Values.Select(one => new ImportedSubscription
                {
                    SubscriptionId = one.Subscription.Id,
                    ImportId = import.Id,
                    ContactId = one.Subscription.ContactId,
                    UpdatedAt = one.Subscription.UpdatedAt,
                    LastSignOn = one.Subscription.LastSignOn,
                }),
            ],
            ct
        );
    }

    private static string WhyNot(NoContactReason reason) =>
        reason switch
        {
            NoContactReason.Bounced => "Nobody writes to this address: mail to it came back. An operator lifts that.",
            NoContactReason.Complained => "Nobody writes to this address: its owner called mail spam. Only an operator lifts that.",
            NoContactReason.Cancelled => "The person said \"this wasn't me\" about this list. An operator lifts that.",
            _ => "The person unsubscribed. Only a fresh confirmation of their own lifts that.",
        };
}
