using Gateway.Console.Layout;
using Gateway.Features.Templates;

namespace Gateway.Console.Templates;

/// <summary>In which languages a template has words, and which of them are sent.</summary>
internal sealed class TemplateLanguages(TemplateDrafts drafts)
{
    public async Task<IReadOnlyList<LanguageState>> OfAsync(TemplatePageContext context, CancellationToken ct)
    {
        var versions = await drafts.CurrentAsync(context.Template.Id, ct);
        return
        [
            .. versions
                .GroupBy(version => version.Language)
                .OrderBy(language => language.Key, StringComparer.Ordinal)
                .Select(language => LanguageState.Of(language.Key, $"{context.Url}/{language.Key}", [.. language])),
        ];
    }

    /// <summary>What there is in the language of the path.</summary>
    public async Task<StoredVersions> StoredAsync(TemplatePageContext context, CancellationToken ct)
    {
        var versions = (await drafts.CurrentAsync(context.Template.Id, ct)).FindAll(version => version.Language == context.Language);
        return new(
            versions
                .Where(version => version.State == VersionState.Draft)
                .Select(draft => new StoredVersion(draft.Number, draft.UpdatedAt, Authors.NameOf(draft.Author)!, draft.IsSimple))
                .FirstOrDefault(),
            versions
                .Where(version => version.State == VersionState.Published)
                .Select(sent => new StoredVersion(
                    sent.Number,
                    sent.PublishedAt ?? sent.UpdatedAt,
                    Authors.NameOf(sent.Author)!,
                    sent.IsSimple
                ))
                .FirstOrDefault()
        );
    }
}

/// <summary>What there is in one language. Public, like the components, because Razor makes them so.</summary>
public sealed record StoredVersions(StoredVersion? Draft, StoredVersion? Published)
{
    /// <summary>Whether what would be changed was made in simple mode.</summary>
    public bool IsSimple => (Draft ?? Published)?.IsSimple == true;
}

/// <param name="At">When it was saved, or published.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="IsSimple">Whether simple mode made it.</param>
public sealed record StoredVersion(int Number, DateTime At, string By, bool IsSimple);
