using System.Globalization;
using System.Text.Json;
using Gateway.Console.Layout;
using Gateway.Console.Lists;
using Gateway.Console.SignIn;
using Gateway.Console.Suppressed;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.ContactsApi;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;

namespace Gateway.Console.Contacts;

/// <summary>
/// /admin/sites/{site}/contacts — one person: how they stand on each list, what happened, what keeps them from being written to, and the
/// evidence of consent. No address stands in a URL: people are found by a form, and named by their id.
/// </summary>
internal static class ContactsPages
{
    private const int MostMails = 50;

    /// <summary>Who looks after privacy finds people too.</summary>
    private const SiteRights Lookers = SiteRights.See | SiteRights.Privacy;

    public static void MapSite(RouteGroupBuilder site)
    {
        var contacts = site.MapGroup("/contacts");
        contacts.MapMethods("", AdminPages.Look, Look).WithName("AdminContactsPage").WithSummary("Ask for an address").Needs(Lookers);
        contacts.MapPost("", FindAsync).WithName("AdminFindContact").WithSummary("Find a contact by its address").Needs(Lookers);
        contacts
            .MapMethods("/{contact}", AdminPages.Look, ShowAsync)
            .WithName("AdminContactPage")
            .WithSummary("Show a contact")
            .Needs(Lookers);
        contacts
            .MapMethods("/{contact}/evidence", AdminPages.Look, PrintAsync)
            .WithName("AdminEvidencePage")
            .WithSummary("Show the evidence of a contact's consent, to print")
            .Needs(Lookers);
        contacts
            .MapMethods("/{contact}/evidence.json", AdminPages.Look, DownloadAsync)
            .WithName("AdminEvidenceJson")
            .WithSummary("Download the evidence of a contact's consent")
            .Needs(Lookers);
        contacts
            .MapPost("/{contact}/unsubscribe", UnsubscribeAsync)
            .WithName("AdminUnsubscribeContact")
            .WithSummary("Unsubscribe a contact from one list or from everything");
        contacts
            .MapPost("/{contact}/resend", ResendAsync)
            .WithName("AdminResendConfirmation")
            .WithSummary("Send the confirmation email of a pending subscription once more");
        contacts
            .MapPost("/{contact}/lift", LiftAsync)
            .WithName("AdminLiftContact")
            .WithSummary("Let somebody be asked again whose emails came back, or who refused by mistake");
        contacts
            .MapPost("/{contact}/erase", EraseAsync)
            .WithName("AdminEraseContact")
            .WithSummary("Erase a person")
            .Needs(SiteRights.Privacy)
            .NeedsRecentSignIn();
    }

    private static IResult Look(AdminPageContext context) => ShowSearch(context);

    private static async Task<IResult> FindAsync(
        PageForm form,
        AdminPageContext context,
        ContactStore contacts,
        LiftRefusal refusals,
        CancellationToken ct
    )
    {
        if (EmailAddress.Parse(form["email"]) is not { } address)
        {
            return ShowSearch(context, form["email"], AddressRules.Error("This", form["email"] ?? ""));
        }

        if (await contacts.FindAsync(context.SiteId, address, ct) is { } contact)
        {
            return AdminPageContext.Go($"{context.SiteUrl}/contacts/{PublicId.Format(PublicId.Contact, contact.Id)}");
        }

        // Who was erased, or was never here, may still have refused: that is kept as a keyed hash.
        var standing = await refusals.FindAsync(context.SiteId, address, ct);
        return ShowSearch(context, address.Text, error: null, [.. standing.Select(StandingRow.Of)]);
    }

    private static IResult ShowSearch(
        AdminPageContext context,
        string? typed = null,
        string? error = null,
        IReadOnlyList<StandingRow>? standing = null
    )
    {
        var page = context.Show<ContactSearchPage>(
            (nameof(ContactSearchPage.Typed), typed),
            (nameof(ContactSearchPage.Error), error),
            (nameof(ContactSearchPage.Standing), standing)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    private static async Task<IResult> ShowAsync(string contact, AdminPageContext context, ShowContact show, CancellationToken ct) =>
        await show.ShowAsync(context, contact, error: null, ct);

    private static async Task<IResult> PrintAsync(
        string contact,
        AdminPageContext context,
        ReadConsents read,
        Disclosures disclosures,
        CancellationToken ct
    ) =>
        await EvidenceAsync(contact, context, read, disclosures, ct) is { } evidence
            ? ConsentCertificatePage.Show(evidence)
            : AdminAnswers.NotFound();

    private static async Task<IResult> DownloadAsync(
        string contact,
        AdminPageContext context,
        ReadConsents read,
        Disclosures disclosures,
        EvidenceKey key,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        await EvidenceAsync(contact, context, read, disclosures, ct) is { } evidence
            ? TypedResults.File(
                JsonSerializer.SerializeToUtf8Bytes(SignedEvidence.Of(evidence, key, clock.GetUtcNow().UtcDateTime), ApiJson.Options),
                "application/json",
                $"evidence-{contact}.json"
            )
            : AdminAnswers.NotFound();

    private static async Task<IResult> UnsubscribeAsync(
        string contact,
        PageForm form,
        AdminPageContext context,
        ContactStore contacts,
        ListStore lists,
        UnsubscribeFromLists unsubscribe,
        EndSubscription end,
        AuditLog audit,
        GatewayDb db,
        CancellationToken ct
    )
    {
        if (await contacts.FindAsync(context.SiteId, PublicId.Parse(PublicId.Contact, contact), ct) is not { } person)
        {
            return AdminAnswers.NotFound();
        }

        var list = form["list"] is { } named ? await lists.FindAsync(context.SiteId, named, ct) : null;
        if (list is null && form["list"] is not null)
        {
            return AdminAnswers.NotFound();
        }

        await db.WriteAsync(
            async () =>
            {
                if (list is null)
                {
                    await unsubscribe.UnsubscribeFromAllAsync(context.SiteId, person.Id, "admin", "admin", ct);
                }
                else
                {
                    await end.UnsubscribeAsync(person.Id, [list.Id], "admin", ct);
                }

                await audit.RecordAsync(context.SiteId, context.User.Actor, "contact.unsubscribed", contact, ct);
            },
            ct
        );
        return AdminPageContext.Go($"{context.SiteUrl}/contacts/{contact}", AdminNotices.ContactUnsubscribed);
    }

    /// <summary>Who presses twice sends one: the form says how many emails there were when it was shown.</summary>
    private static async Task<IResult> ResendAsync(
        string contact,
        PageForm form,
        AdminPageContext context,
        ContactStore contacts,
        ListStore lists,
        ResendConfirmation resend,
        ShowContact show,
        CancellationToken ct
    )
    {
        if (
            await contacts.FindAsync(context.SiteId, PublicId.Parse(PublicId.Contact, contact), ct) is not { } person
            || await lists.FindAsync(context.SiteId, form["list"], ct) is not { } list
        )
        {
            return AdminAnswers.NotFound();
        }

        if (!int.TryParse(form["mails"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
        {
            return AdminAnswers.Stale();
        }

        var outcome = await resend.ResendAsync(person, list, seen, context.User.Actor, ct);
        return outcome.ToRefusal() is { } why ? await show.ShowAsync(context, contact, why.Message, ct, AdminPages.StatusOf(why))
            : form["from"] == "list" ? AdminPageContext.Go($"{MemberPages.UrlOf(context, list)}/pending", AdminNotices.ConfirmationResent)
            : AdminPageContext.Go($"{context.SiteUrl}/contacts/{contact}", AdminNotices.ConfirmationResent);
    }

    private static async Task<IResult> LiftAsync(
        string contact,
        PageForm form,
        AdminPageContext context,
        ContactStore contacts,
        LiftRefusal refusals,
        ShowContact show,
        CancellationToken ct
    )
    {
        if (
            await contacts.FindAsync(context.SiteId, PublicId.Parse(PublicId.Contact, contact), ct) is not { } person
            || EmailAddress.Parse(person.Address) is not { } address
        )
        {
            return AdminAnswers.NotFound();
        }

        var reason = form["reason"];
        if (LiftRefusal.ErrorOf(reason) is { } error)
        {
            return await show.ShowAsync(context, contact, error, ct);
        }

        var lifted = await refusals.LiftAsync(
            context.SiteId,
            address,
            SuppressionPages.MayLift(context),
            reason!,
            context.User.Actor,
            ct
        );
        return lifted.Count == 0
            ? await show.ShowAsync(context, contact, "Nothing was lifted. Only an operator lifts a complaint.", ct)
            : AdminPageContext.Go($"{context.SiteUrl}/contacts/{contact}", AdminNotices.ContactLifted);
    }

    private static async Task<IResult> EraseAsync(
        string contact,
        PageForm form,
        AdminPageContext context,
        ContactStore contacts,
        EraseContact erase,
        ShowContact show,
        CancellationToken ct
    )
    {
        if (await contacts.FindAsync(context.SiteId, PublicId.Parse(PublicId.Contact, contact), ct) is not { } person)
        {
            return AdminAnswers.NotFound();
        }

        if (EmailAddress.Parse(form["email"])?.Key != person.AddressKey)
        {
            return await show.ShowAsync(context, contact, "Nothing was erased: the address that was typed is another one.", ct);
        }

        await erase.EraseAsync(context.SiteId, person.Id, context.User.Actor, ct);
        return AdminPageContext.Go($"{context.SiteUrl}/contacts", AdminNotices.ContactErased);
    }

    private static async Task<ConsentCertificate?> EvidenceAsync(
        string contact,
        AdminPageContext context,
        ReadConsents read,
        Disclosures disclosures,
        CancellationToken ct
    )
    {
        if (PublicId.Parse(PublicId.Contact, contact) is not { } id || await read.FindAsync(context.SiteId, id, ct) is not { } evidence)
        {
            return null;
        }

        await disclosures.RecordAsync(context, "evidence.shown", contact, ct);
        return evidence;
    }

    /// <summary>Shows one contact with all that belongs to it.</summary>
    internal sealed class ShowContact(
        ContactReader contacts,
        ReadConsents consents,
        MessageStore messages,
        LiftRefusal refusals,
        TimeProvider clock
    )
    {
        /// <param name="error">Why something could not be done, in a sentence; null when nothing was asked for.</param>
        /// <param name="status">With what it is shown then.</param>
        public async Task<IResult> ShowAsync(
            AdminPageContext context,
            string contact,
            string? error,
            CancellationToken ct,
            int status = StatusCodes.Status400BadRequest
        )
        {
            if (
                PublicId.Parse(PublicId.Contact, contact) is not { } id
                || await contacts.FindAsync(context.SiteId, id, ct) is not { } details
            )
            {
                return AdminAnswers.NotFound();
            }

            var evidence = await consents.FindAsync(context.SiteId, id, ct);
            var standing = EmailAddress.Parse(details.Email) is { } address ? await refusals.FindAsync(context.SiteId, address, ct) : [];
            var page = context.Show<ContactPage>(
                (
                    nameof(ContactPage.Contact),
                    ContactModel.Of(
                        details,
                        evidence,
                        await messages.OfContactAsync(id, MostMails, ct),
                        context.SiteUrl,
                        clock.GetUtcNow().UtcDateTime
                    )
                ),
                (nameof(ContactPage.Standing), standing.Select(StandingRow.Of).Distinct().ToList()),
                (nameof(ContactPage.HasEvidence), evidence is not null),
                (nameof(ContactPage.Error), error)
            );
            page.StatusCode = error is null ? StatusCodes.Status200OK : status;
            return page;
        }
    }
}
