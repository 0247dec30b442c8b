using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates;

/// <summary>What came of a change to a template.</summary>
internal abstract record TemplateOutcome
{
    public sealed record Done(Template Template) : TemplateOutcome;

    /// <summary>The site has no such template, or it no such version.</summary>
    public sealed record Missing(string What) : TemplateOutcome;

    /// <param name="Field">As a caller writes it.</param>
    /// <param name="Reason">A sentence.</param>
    public sealed record Refused(string Field, string Reason) : TemplateOutcome;

    /// <summary>Its first words cannot be stored.</summary>
    public sealed record Invalid(IReadOnlyList<TemplateError> Errors) : TemplateOutcome;

    /// <param name="Code">Stable.</param>
    public sealed record Conflict(string Code, string Reason) : TemplateOutcome;
}

/// <summary>The templates of a site: added, renamed, and deleted when nothing uses them any more.</summary>
internal sealed partial class TemplateStore(
    GatewayDb db,
    ListStore lists,
    IEnumerable<ITemplateUse> uses,
    PublishedTemplates published,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int MaxKey = 60;
    public const int MaxName = 100;
    private const int MaxTemplates = 500;

    /// <summary>Keys that mean the gateway's own templates.</summary>
    public static readonly IReadOnlyList<string> Reserved = [BuiltInMails.Plain];

    /// <summary>A key for a name that people read: <c>Commande expédiée !</c> is <c>commande-expediee</c>, and the second one of that name
    /// <c>commande-expediee-2</c>. Names in other letters than Latin ones are all the same here.</summary>
    /// <param name="taken">What it may not be.</param>
    /// <param name="otherwise">What it begins with where the name does not begin with a letter.</param>
    public static string ProposeKey(string name, IReadOnlyCollection<string> taken, string otherwise = "template")
    {
        var plain = string.Concat(
            UnicodeText
                .Normal(name, NormalizationForm.FormD)
                .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
        );
        var key = NoKey().Replace(plain.ToLowerInvariant(), "-").Trim('-');
        key = key.Length > 0 && char.IsAsciiLetter(key[0]) ? key : $"{otherwise}-{key}".TrimEnd('-');
        return Enumerable
            .Range(1, taken.Count + 1)
            .Select(which => which == 1 ? "" : $"-{which}")
            .Select(end => key[..Math.Min(key.Length, MaxKey - end.Length)].TrimEnd('-') + end)
            .First(free => !taken.Contains(free));
    }

    /// <returns>A key for a name that no template of the site has.</returns>
    public async Task<string> ProposeKeyAsync(Guid siteId, string name, CancellationToken ct) =>
        ProposeKey(name, await db.Templates.Where(one => one.SiteId == siteId).Select(one => one.Key).ToListAsync(ct));

    public Task<Template?> FindAsync(Guid siteId, Guid? id, CancellationToken ct) =>
        db.Templates.AsNoTracking().SingleOrDefaultAsync(template => template.SiteId == siteId && template.Id == id, ct);

    public async Task<TemplateOutcome> AddAsync(Guid siteId, string key, TemplateKind kind, string name, CancellationToken ct)
    {
        if (KeyError(key) is { } unfit)
        {
            return new TemplateOutcome.Refused("key", unfit);
        }

        if (Reserved.Contains(key))
        {
            return new TemplateOutcome.Refused("key", T($"The key \"{key}\" means the built-in template. Take another one."));
        }

        if (NameError(name) is { } error)
        {
            return new TemplateOutcome.Refused("name", error);
        }

        var now = clock.GetUtcNow();
        var template = new Template
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Key = key,
            Kind = kind,
            Name = name.Trim(),
            CreatedAt = now.UtcDateTime,
        };
        return await db.WriteAsync(
            async () =>
                await db.Templates.CountAsync(one => one.SiteId == siteId, ct) >= MaxTemplates
                    ? new TemplateOutcome.Conflict("too_many", T($"A site may have at most {MaxTemplates} templates."))
                : await db.InsertNewAsync([template], ct) > 0 ? new TemplateOutcome.Done(template)
                : (TemplateOutcome)new TemplateOutcome.Conflict("key_taken", T($"The site has a template \"{key}\" already.")),
            ct
        );
    }

    /// <param name="onlyFrom">The name that it is to have still; null where any is replaced.</param>
    public async Task<TemplateOutcome> RenameAsync(Template template, string name, CancellationToken ct, string? onlyFrom = null)
    {
        if (NameError(name) is { } error)
        {
            return new TemplateOutcome.Refused("name", error);
        }

        var trimmed = name.Trim();
        var renamed = await db.WriteAsync(
            () =>
                db
                    .Templates.Where(one => one.Id == template.Id && (onlyFrom == null || one.Name == onlyFrom))
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.Name, trimmed), ct),
            ct
        );
        if (renamed == 0 && onlyFrom is not null)
        {
            return new TemplateOutcome.Conflict(
                Versions.Changed,
                T("Somebody else gave it another name after you had opened the page. Look at it, and change it again.")
            );
        }

        template.Name = trimmed;
        return new TemplateOutcome.Done(template);
    }

    /// <summary>With all versions, samples and muted findings, unless a list names it or a mail that waits is to be made of it.</summary>
    public async Task<TemplateOutcome> DeleteAsync(Template template, string actor, CancellationToken ct)
    {
        var outcome = await db.WriteAsync(
            async () =>
            {
                if (await InUseAsync(template, ct) is { } reason)
                {
                    return new TemplateOutcome.Conflict("in_use", reason);
                }

                await db.TemplateVersions.Where(version => version.TemplateId == template.Id).ExecuteDeleteAsync(ct);
                await db.TemplateMutes.Where(mute => mute.TemplateId == template.Id).ExecuteDeleteAsync(ct);
                await db.TemplateSamples.Where(sample => sample.TemplateId == template.Id).ExecuteDeleteAsync(ct);
                await db.Templates.Where(one => one.Id == template.Id).ExecuteDeleteAsync(ct);
                await audit.RecordAsync(template.SiteId, actor, "template.deleted", PublicId.Format(PublicId.Template, template.Id), ct);
                return (TemplateOutcome)new TemplateOutcome.Done(template);
            },
            ct
        );
        published.Forget(template.SiteId);
        return outcome;
    }

    /// <summary>The lists whose mails name it.</summary>
    public async Task<List<Guid>> UsersAsync(Template template, CancellationToken ct) =>
        [
            .. (await lists.OfSiteAsync(template.SiteId, ct))
                .Where(list => list.ConfirmationTemplateId == template.Id || list.WelcomeTemplateId == template.Id)
                .Select(list => list.Id),
        ];

    /// <summary>Holds a template's row until the caller's transaction ends, so that it is not deleted at this moment.</summary>
    /// <returns>Its id; null when the site has no such template.</returns>
    public async Task<Guid?> LockAsync(Guid siteId, string key, TemplateKind kind, CancellationToken ct)
    {
        var mine = db.Templates.Where(template => template.SiteId == siteId && template.Key == key && template.Kind == kind);
        return await mine.LockAsync(ct) == 0 ? null : await mine.Select(template => template.Id).SingleAsync(ct);
    }

    /// <summary>Versions by their ids, each with the kind of its template.</summary>
    public async Task<Dictionary<Guid, (TemplateVersion Version, TemplateKind Kind)>> VersionsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken ct
    ) =>
        ids.Count == 0
            ? []
            : await (
                from version in db.TemplateVersions.AsNoTracking()
                where ids.Contains(version.Id)
                join template in db.Templates.AsNoTracking() on version.TemplateId equals template.Id
                select new { version, template.Kind }
            ).ToDictionaryAsync(row => row.version.Id, row => (row.version, row.Kind), ct);

    /// <summary>The site's templates.</summary>
    public Task<List<Template>> OfSiteAsync(Guid siteId, CancellationToken ct) =>
        db.Templates.AsNoTracking().Where(template => template.SiteId == siteId).ToListAsync(ct);

    /// <summary>Drafts and published versions of a site's templates.</summary>
    public Task<List<VersionSummary>> CurrentVersionsAsync(Guid siteId, CancellationToken ct) =>
        VersionSummary.ReadAsync(
            from version in db.TemplateVersions.AsNoTracking()
            join template in db.Templates on version.TemplateId equals template.Id
            where template.SiteId == siteId && version.State != VersionState.Archived
            select version,
            ct
        );

    /// <summary>A template's drafts and what is published of it, by language.</summary>
    public Task<List<TemplateVersion>> CurrentWordsAsync(Guid templateId, CancellationToken ct) =>
        db
            .TemplateVersions.AsNoTracking()
            .Where(version => version.TemplateId == templateId && version.State != VersionState.Archived)
            .OrderBy(version => version.Language)
            .ThenBy(version => version.Number)
            .ToListAsync(ct);

    private async Task<string?> InUseAsync(Template template, CancellationToken ct)
    {
        var users = await UsersAsync(template, ct);
        if (users.Count > 0)
        {
            return users.Count == 1
                ? T("A list uses it. Have it use another one first.")
                : T($"{users.Count} lists use it. Have them use another one first.");
        }

        foreach (var use in uses)
        {
            if (await use.ReasonAsync(template, ct) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>What is wrong with the key of a template or a segment, as a sentence.</summary>
    public static string? KeyError(string key) =>
        key.Length > MaxKey || !KeyForm().IsMatch(key)
            ? T($"key is up to {MaxKey} small letters, digits and hyphens, and begins with a letter.")
            : null;

    /// <summary>Likewise with its name.</summary>
    public static string? NameError(string name) =>
        name.Trim().Length is 0 or > MaxName || name.Any(char.IsControl)
            ? T($"name has 1 to {MaxName} characters, and no control characters.")
            : null;

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex KeyForm();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoKey();
}
