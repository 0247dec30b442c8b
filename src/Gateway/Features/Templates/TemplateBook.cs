using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

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
    public sealed record Faulty(IReadOnlyList<TemplateFault> Faults) : TemplateOutcome;

    /// <param name="Code">Stable.</param>
    public sealed record Conflict(string Code, string Reason) : TemplateOutcome;
}

/// <summary>The templates of a site: added, renamed, and deleted when nothing uses them any more.</summary>
internal sealed partial class TemplateBook(GatewayDb db, PublishedTemplates published, TimeProvider clock)
{
    public const int LongestKey = 60;
    public const int LongestName = 100;
    private const int MostTemplates = 500;

    /// <summary>Keys that mean the gateway's own templates.</summary>
    public static readonly IReadOnlyList<string> Reserved = [Mail.BuiltInMails.Plain];

    /// <summary>A key for a name that people read: <c>Commande expédiée !</c> is <c>commande-expediee</c>.</summary>
    public static string ProposeKey(string name)
    {
        var plain = string.Concat(name.Normalize(NormalizationForm.FormD).Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark));
        var key = NoKey().Replace(plain.ToLowerInvariant(), "-").Trim('-');
        key = key.Length > 0 && char.IsAsciiLetter(key[0]) ? key : $"template-{key}".TrimEnd('-');
        return key[..Math.Min(key.Length, LongestKey)].TrimEnd('-');
    }

    public Task<Template?> FindAsync(Guid siteId, Guid? id, CancellationToken ct) =>
        db.Templates.AsNoTracking().SingleOrDefaultAsync(template => template.SiteId == siteId && template.Id == id, ct);

    public async Task<TemplateOutcome> AddAsync(Guid siteId, string key, TemplateKind kind, string name, CancellationToken ct)
    {
        if (KeyFault(key) is { } unfit)
        {
            return new TemplateOutcome.Refused("key", unfit);
        }

        if (Reserved.Contains(key))
        {
            return new TemplateOutcome.Refused("key", $"The key \"{key}\" means the built-in template. Take another one.");
        }

        if (NameFault(name) is { } fault)
        {
            return new TemplateOutcome.Refused("name", fault);
        }

        var now = clock.GetUtcNow();
        var template = new Template { Id = Guid.CreateVersion7(now), SiteId = siteId, Key = key, Kind = kind, Name = name.Trim(), CreatedAt = now.UtcDateTime };
        return await db.WriteAsync(
            async () =>
                await db.Templates.CountAsync(one => one.SiteId == siteId, ct) >= MostTemplates ? new TemplateOutcome.Conflict("too_many", $"A site may have {MostTemplates} templates at the most.")
                : await db.InsertNewAsync([template], ct) > 0 ? new TemplateOutcome.Done(template)
                : (TemplateOutcome)new TemplateOutcome.Conflict("key_taken", $"The site has a template \"{key}\" already."),
            ct);
    }

    public async Task<TemplateOutcome> RenameAsync(Template template, string name, CancellationToken ct)
    {
        if (NameFault(name) is { } fault)
        {
            return new TemplateOutcome.Refused("name", fault);
        }

        template.Name = name.Trim();
        await db.WriteAsync(() => db.Templates.Where(one => one.Id == template.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.Name, template.Name), ct), ct);
        return new TemplateOutcome.Done(template);
    }

    /// <summary>With all versions, samples and muted findings, unless a list names it or a mail that waits is to be made of it.</summary>
    public async Task<TemplateOutcome> DeleteAsync(Template template, CancellationToken ct)
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
                return (TemplateOutcome)new TemplateOutcome.Done(template);
            },
            ct);
        published.Forget(template.SiteId);
        return outcome;
    }

    /// <summary>The lists whose mails name it.</summary>
    public Task<List<Guid>> UsersAsync(Template template, CancellationToken ct) => db.Lists.AsNoTracking()
        .Where(list => list.SiteId == template.SiteId && (list.ConfirmationTemplateId == template.Id || list.WelcomeTemplateId == template.Id))
        .OrderBy(list => list.Id).Select(list => list.Id).ToListAsync(ct);

    private async Task<string?> InUseAsync(Template template, CancellationToken ct)
    {
        var lists = await UsersAsync(template, ct);
        return lists.Count > 0 ? $"{(lists.Count == 1 ? "A list uses" : $"{lists.Count} lists use")} it. Have {(lists.Count == 1 ? "it" : "them")} use another one first."
            : await db.Messages.AnyAsync(message => message.SiteId == template.SiteId && message.Template == template.Key && message.DueAt != null, ct)
                ? "Mails that are still to be sent are made of it. Wait for them, or cancel them."
            : null;
    }

    /// <summary>What is wrong with the key of a template or a segment, as a sentence.</summary>
    public static string? KeyFault(string key) =>
        key.Length > LongestKey || !KeyForm().IsMatch(key) ? $"key is up to {LongestKey} small letters, digits and hyphens, and begins with a letter." : null;

    /// <summary>Likewise with its name.</summary>
    public static string? NameFault(string name) =>
        name.Trim().Length is 0 or > LongestName || name.Any(char.IsControl) ? $"name has 1 to {LongestName} characters, and no control characters." : null;

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex KeyForm();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoKey();
}
