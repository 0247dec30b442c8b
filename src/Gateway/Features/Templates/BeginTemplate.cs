using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Templates;

/// <summary>A new template with its first draft: never one without the other.</summary>
internal sealed class BeginTemplate(TemplateStore book, TemplateDrafts drafts, AuditLog audit)
{
    /// <param name="source">The first words; a copy of the built-in ones of that kind and language when null.</param>
    public async Task<TemplateOutcome> AddAsync(
        Guid siteId, string key, TemplateKind kind, string name, string language, TemplateSource? source, string author, CancellationToken ct)
    {
        source ??= BuiltInMails.Source(BuiltInMails.KeyOf(kind), language);
        if (await drafts.FaultsAsync(siteId, kind, source, ct) is { Count: > 0 } errors)
        {
            return new TemplateOutcome.Invalid(errors);
        }

        var outcome = await book.AddAsync(siteId, key, kind, name, ct);
        if (outcome is not TemplateOutcome.Done { Template: var template })
        {
            return outcome;
        }

        if (await drafts.SaveAsync(template, language, source, author, ct) is DraftOutcome.Invalid refused)
        {
            return new TemplateOutcome.Invalid(refused.Errors);
        }

        await audit.WriteAsync(siteId, author, "template.added", PublicId.Format(PublicId.Template, template.Id), ct);
        return outcome;
    }
}
