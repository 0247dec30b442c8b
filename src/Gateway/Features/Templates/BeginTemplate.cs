using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates;

/// <summary>A new template with its first draft, in one transaction: never one without the other.</summary>
internal sealed class BeginTemplate(GatewayDb db, TemplateStore store, TemplateDrafts drafts, AuditLog audit)
{
    /// <param name="key">Null for one made of the name.</param>
    /// <param name="source">The first words; a copy of the built-in ones of that kind and language when null.</param>
    /// <param name="simple">What simple mode made them of, as JSON; null where they were written by hand.</param>
    public async Task<TemplateOutcome> AddAsync(
        Guid siteId,
        string? key,
        TemplateKind kind,
        string name,
        string language,
        TemplateSource? source,
        string author,
        CancellationToken ct,
        string? simple = null
    )
    {
        key ??= await store.ProposeKeyAsync(siteId, name, ct);
        source ??= BuiltInMails.Source(BuiltInMails.KeyOf(kind), language);
        if (await drafts.ErrorsAsync(siteId, kind, source, ct) is { Count: > 0 } errors)
        {
            return new TemplateOutcome.Invalid(errors);
        }

        try
        {
            return await db.WriteAsync(() => StoreAsync(siteId, key, kind, name, language, source, simple, author, ct), ct);
        }
        catch (NoDraft overtaken)
        {
            return overtaken.Outcome;
        }
    }

    private async Task<TemplateOutcome> StoreAsync(
        Guid siteId,
        string key,
        TemplateKind kind,
        string name,
        string language,
        TemplateSource source,
        string? simple,
        string author,
        CancellationToken ct
    )
    {
        var outcome = await store.AddAsync(siteId, key, kind, name, ct);
        if (outcome is not TemplateOutcome.Done { Template: var template })
        {
            return outcome;
        }

        // What was checked a moment ago may not hold any more: a segment that it names was deleted. The exception undoes the template.
        switch (await drafts.SaveAsync(template, language, source, author, ct, simple))
        {
            case DraftOutcome.Done:
                await audit.RecordAsync(siteId, author, "template.added", PublicId.Format(PublicId.Template, template.Id), ct);
                return outcome;
            case DraftOutcome.Invalid invalid:
                throw new NoDraft(new TemplateOutcome.Invalid(invalid.Errors));
            default:
                throw new NoDraft(
                    new TemplateOutcome.Conflict("overtaken", T("A segment that it names was deleted at this moment. Try again."))
                );
        }
    }

    private sealed class NoDraft(TemplateOutcome outcome) : Exception
    {
        public TemplateOutcome Outcome => outcome;
    }
}
