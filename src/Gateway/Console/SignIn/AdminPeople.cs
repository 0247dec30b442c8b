using Gateway.Features.Mail;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SignIn;

/// <summary>
/// Who may sign in by a link that is sent to them: invited, given another role, removed. Whoever asks for a link learns nothing of who is
/// known.
/// </summary>
internal sealed partial class AdminPeople(
    GatewayDb db,
    AdminLinks links,
    AdminSessions sessions,
    DirectMail mail,
    AuditLog audit,
    IOptions<GatewayOptions> options,
    TimeProvider clock,
    ILogger<AdminPeople> logger
)
{
    /// <summary>An invitation waits for somebody to read their mail.</summary>
    public static readonly TimeSpan Invitation = TimeSpan.FromHours(24);

    /// <summary>More than ever look after one installation.</summary>
    private const int Most = 500;

    /// <summary>Links that are under way to somebody; more are not sent, however often somebody asks.</summary>
    private const int MaxOpen = 3;

    public Task<List<AdminPerson>> ListAsync(CancellationToken ct) =>
        db.AdminPeople.AsNoTracking().OrderBy(person => person.Address).Take(Most).ToListAsync(ct);

    public Task<AdminPerson?> FindAsync(Guid? id, CancellationToken ct) =>
        db.AdminPeople.AsNoTracking().SingleOrDefaultAsync(person => person.Id == id, ct);

    /// <summary>Lets somebody sign in, or gives them another role: then they are signed out, so that it counts at once.</summary>
    /// <param name="byMail">Whether the link is sent to them.</param>
    /// <returns>The link, to be handed over where it is not sent.</returns>
    public async Task<Result<string>> InviteAsync(string? typed, AdminRoles access, bool byMail, string actor, CancellationToken ct)
    {
        if (EmailAddress.Parse(typed) is not { } address)
        {
            return Refusal.Invalid("email", AddressRules.Error("This", typed ?? "")!);
        }

        if (address.Key.Length > AdminLinks.MaxName)
        {
            return Refusal.Invalid("email", T($"The address has at most {AdminLinks.MaxName} characters."));
        }

        if (!access.IsOperator && access.Sites is not { Count: > 0 })
        {
            return Refusal.Invalid("site", T("Choose at least one site."));
        }

        var link = await db.WriteAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                do
                {
                    await db.InsertNewAsync(
                        [
                            new AdminPerson
                            {
                                Id = Guid.CreateVersion7(now),
                                Address = address.Key,
                                Access = access,
                                InvitedBy = actor,
                                InvitedAt = now.UtcDateTime,
                            },
                        ],
                        ct
                    );
                } while (await HoldAsync(address, ct) == 0); // Whoever was known was removed at the same moment.

                var person = await db.AdminPeople.SingleAsync(one => one.Address == address.Key, ct);
                if (person.Access.ToText() != access.ToText())
                {
                    person.Access = access;
                    await db.SaveChangesAsync(ct);
                    await sessions.RevokeAsync(address.Key, actor, ct);
                }

                await audit.RecordAsync(null, actor, "admin.invited", PublicId.Format(PublicId.AdminPerson, person.Id), ct);
                var (token, _) = await links.MakeAsync(person, Invitation, actor, ct);
                return options.Value.PublicBase + AdminLinks.Path(token);
            },
            ct
        );
        return
            byMail
            && await ErrorAsync(address, link, T("You are invited to Gateway"), T("The link works once, within 24 hours."), ct) is { } why
            ? new Refusal(
                RefusalKind.Conflict,
                "not_sent",
                T($"They may sign in now, but the invitation could not be sent. {why} Make a link to hand over instead.")
            )
            : link;
    }

    /// <summary>They are signed out at once, no link is sent to them any more, and their passkeys are gone.</summary>
    public Task<bool> RemoveAsync(Guid? id, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await FindAsync(id, ct) is not { } person)
                {
                    return false;
                }

                await db.AdminPeople.Where(one => one.Id == id).ExecuteDeleteAsync(ct);
                await db.AdminPasskeys.Where(one => one.PersonId == id).ExecuteDeleteAsync(ct);
                await sessions.RevokeAsync(person.Address, actor, ct);
                await audit.RecordAsync(null, actor, "admin.removed", PublicId.Format(PublicId.AdminPerson, person.Id), ct);
                return true;
            },
            ct
        );

    /// <summary>Sends a link to whoever is known by the address; to nobody else, and not more than a few at a time.</summary>
    public async Task SendLinkAsync(string? typed, CancellationToken ct)
    {
        if (EmailAddress.Parse(typed) is not { } address)
        {
            return;
        }

        var link = await db.WriteAsync(
            async () =>
            {
                // Held, so that of two who ask at once the second counts the link of the first.
                if (await HoldAsync(address, ct) == 0 || await links.CountOpenAsync(address.Key, ct) >= MaxOpen)
                {
                    return null;
                }

                var person = await db.AdminPeople.AsNoTracking().SingleAsync(one => one.Address == address.Key, ct);
                var (token, _) = await links.MakeAsync(person, AdminLinks.Lifetime, "page", ct);
                return options.Value.PublicBase + AdminLinks.Path(token);
            },
            ct
        );
        var note = T("The link works once, within 15 minutes. If you did not ask for it, you need not do anything.");
        // As they were invited, however it was typed now.
        if (link is not null && await ErrorAsync(EmailAddress.Parse(address.Key)!, link, T("Sign in to Gateway"), note, ct) is { } why)
        {
            LogNotSent(why);
        }
    }

    /// <returns>0 where nobody is known by the address.</returns>
    private Task<int> HoldAsync(EmailAddress address, CancellationToken ct) =>
        db.AdminPeople.Where(one => one.Address == address.Key).LockAsync(ct);

    /// <summary>
    /// Never over the way of a site: whoever manages one chooses its mail server, and could take the link of somebody who may do more.
    /// </summary>
    private Task<string?> ErrorAsync(EmailAddress to, string link, string subject, string note, CancellationToken ct) =>
        mail.ErrorAsync(to, new(subject, T("Open this link to sign in to the pages of Gateway:"), link, T("Sign in"), note), ct);

    [LoggerMessage(LogLevel.Error, "A link to sign in could not be sent: {Why}")]
    private partial void LogNotSent(string why);
}
