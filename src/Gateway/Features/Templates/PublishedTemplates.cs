using System.ComponentModel;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates;

/// <summary>A template with the words that are sent at this moment.</summary>
/// <param name="Words">By language.</param>
internal sealed record PublishedTemplate(
    Guid Id,
    string Key,
    TemplateKind Kind,
    string Name,
    IReadOnlyDictionary<string, CompiledTemplate> Words
)
{
    /// <returns>The words in the language; else in the site's, else in English, else in the first there is.</returns>
    public (CompiledTemplate Template, string Language) In(string language, string siteLanguage)
    {
        var taken =
            new[] { language, siteLanguage, "en" }.FirstOrDefault(Words.ContainsKey) ?? Words.Keys.Order(StringComparer.Ordinal).First();
        return (Words[taken], taken);
    }
}

/// <summary>What a site has published, the oldest first, and the segments that it is shown to.</summary>
[ImmutableObject(true)]
internal sealed record SiteTemplates(IReadOnlyList<PublishedTemplate> All, SiteSegments Segments)
{
    /// <param name="keyOrId">As a caller names it.</param>
    public PublishedTemplate? Find(string? keyOrId, TemplateKind kind) =>
        All.FirstOrDefault(template =>
            template.Kind == kind
            && (
                template.Key == keyOrId
                || template.Id == Infrastructure.Http.PublicId.Parse(Infrastructure.Http.PublicId.Template, keyOrId)
            )
        );

    /// <summary>The one a list names, if it has words; else the site's first of the kind.</summary>
    public PublishedTemplate? For(Guid? named, TemplateKind kind) =>
        All.FirstOrDefault(template => template.Id == named && template.Kind == kind)
        ?? All.FirstOrDefault(template => template.Kind == kind);
}

/// <summary>A version that was published, parsed once: it never changes.</summary>
/// <param name="Template">Null when it cannot be read any more.</param>
[ImmutableObject(true)]
internal sealed record ParsedVersion(CompiledTemplate? Template);

/// <summary>
/// Remembers for seconds what a site has published, and parsed for as long as it is in use: every mail asks. A version that was published
/// never changes.
/// </summary>
internal sealed partial class PublishedTemplates(RecentCache cache, IServiceScopeFactory scopes, ILogger<PublishedTemplates> logger)
{
    public async ValueTask<SiteTemplates> OfAsync(Guid siteId, CancellationToken ct) =>
        (await cache.FindAsync(siteId, ReadAsync, RecentCache.Seconds, ct))!;

    /// <summary>Called when something was published, changed or deleted in this process.</summary>
    public void Forget(Guid siteId) => cache.Forget<SiteTemplates>(siteId);

    private async ValueTask<SiteTemplates?> ReadAsync(Guid siteId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var rows = await (
            from template in db.Templates.AsNoTracking()
            where template.SiteId == siteId
            join version in db.TemplateVersions.AsNoTracking() on template.Id equals version.TemplateId
            where version.State == VersionState.Published
            orderby template.Id
            select new
            {
                template,
                version.Id,
                version.Language,
            }
        ).ToListAsync(ct);
        var parsed = new Dictionary<Guid, CompiledTemplate?>();
        foreach (var row in rows)
        {
            parsed[row.Id] = (await cache.FindAsync(row.Id, ParseAsync, RecentCache.Hour, ct))?.Template;
        }

        return new SiteTemplates(
            [
                .. rows.GroupBy(row => row.template.Id)
                    .Select(group => new PublishedTemplate(
                        group.Key,
                        group.First().template.Key,
                        group.First().template.Kind,
                        group.First().template.Name,
                        group
                            .Select(row => (row.Language, Template: parsed[row.Id]))
                            .Where(row => row.Template is not null)
                            .ToDictionary(row => row.Language, row => row.Template!)
                    ))
                    .Where(template => template.Words.Count > 0),
            ],
            await SiteSegments.ReadAsync(db, siteId, ct)
        );
    }

    private async ValueTask<ParsedVersion?> ParseAsync(Guid versionId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        if (await db.TemplateVersions.AsNoTracking().SingleOrDefaultAsync(version => version.Id == versionId, ct) is not { } version)
        {
            return null;
        }

        var (template, errors) = CompiledTemplate.Of(version.Source);
        if (template is null)
        {
            // Published, so it could be read once: a later version of the gateway reads it otherwise.
            LogUnreadable(version.Id, errors[0]);
        }

        return new(template);
    }

    [LoggerMessage(LogLevel.Error, "The published version {VersionId} of a template cannot be read any more, and is not used: {Error}")]
    private partial void LogUnreadable(Guid versionId, TemplateError error);
}
