using Gateway.Features.Contacts;
using Gateway.Features.Templates;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>What sends a template, or will once it is published, as sentences: whoever publishes should know whom it reaches.</summary>
internal sealed class TemplateUses(ListStore listStore, TemplateStore templates)
{
    public async Task<IReadOnlyList<string>> OfAsync(TemplatePageContext context, CancellationToken ct)
    {
        var template = context.Template;
        if (template.Kind is TemplateKind.Email or TemplateKind.Sms)
        {
            return
            [
                T(
                    $"Zaps and scripts that name it: {(template.Kind == TemplateKind.Sms ? "POST /v1/sms" : "POST /v1/messages")} with "
                        + $"\"template\": \"{template.Key}\"."
                ),
            ];
        }

        var lists = (await listStore.OfSiteAsync(template.SiteId, ct)).OrderBy(list => list.Name, StringComparer.OrdinalIgnoreCase);
        var served = await ServedAsync(template, ct);
        return [.. lists.Select(list => SentenceOf(list, template, served)).OfType<string>()];
    }

    /// <summary>The templates of the kind that have published words, the oldest first; and this one, as if it had.</summary>
    private async Task<List<Guid>> ServedAsync(Template template, CancellationToken ct)
    {
        var published = (await templates.CurrentVersionsAsync(template.SiteId, ct))
            .Where(version => version.State == VersionState.Published)
            .Select(version => version.TemplateId)
            .ToHashSet();
        return
        [
            .. (await templates.OfSiteAsync(template.SiteId, ct))
                .Where(one => one.Kind == template.Kind && (one.Id == template.Id || published.Contains(one.Id)))
                .Select(one => one.Id)
                .Order(),
        ];
    }

    /// <summary>Decides as <see cref="SiteTemplates.For"/> does.</summary>
    private static string? SentenceOf(ContactList list, Template template, List<Guid> served)
    {
        if (template.Kind == TemplateKind.Repermission)
        {
            return served[0] == template.Id ? T($"Emails that ask whether people stay on “{list.Name}”") : null;
        }

        var isWelcome = template.Kind == TemplateKind.Welcome;
        var named = isWelcome ? list.WelcomeTemplateId : list.ConfirmationTemplateId;
        var isDefault = (named is null || !served.Contains(named.Value)) && served[0] == template.Id;
        if (named != template.Id && !isDefault)
        {
            return null;
        }

        var what = isWelcome ? T($"Welcome email for “{list.Name}”") : T($"Confirmation email for “{list.Name}”");
        return what
            + (named == template.Id ? "" : " " + T("(default template)"))
            + (isWelcome && !list.Welcome ? " " + T("(switched off)") : "");
    }
}
