using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts.Purposes;

/// <summary>A purpose as people see it.</summary>
/// <param name="Words">By language; empty where nothing is said of it.</param>
/// <param name="IsOwn">Whether the site wrote the words.</param>
internal sealed record ShownPurpose(string Key, IReadOnlyDictionary<string, string> Words, bool IsOwn);

/// <summary>The purposes of sites, and what is said of them.</summary>
internal sealed partial class PurposeStore(GatewayDb db, TimeProvider clock)
{
    private const int MaxPurposes = 50;

    /// <returns>What is said of each list's purpose in the language, or in the site's; by list, and only of those of which something
    /// is said.</returns>
    public async Task<Dictionary<Guid, string>> WordsAsync(
        Guid siteId,
        IReadOnlyCollection<ContactList> lists,
        string language,
        string siteLanguage,
        CancellationToken ct
    )
    {
        var keys = lists.Select(list => list.Purpose).Distinct().ToList();
        var own = await db
            .Purposes.AsNoTracking()
            .Where(purpose => purpose.SiteId == siteId && keys.Contains(purpose.Key))
            .ToDictionaryAsync(purpose => purpose.Key, purpose => purpose.WordsByLanguage(), ct);
        var words = new Dictionary<Guid, string>();
        foreach (var list in lists)
        {
            var said = own.TryGetValue(list.Purpose, out var mine)
                ? mine.GetValueOrDefault(language) ?? mine.GetValueOrDefault(siteLanguage) ?? mine.Values.FirstOrDefault()
                : PurposeTexts.Of(list.Purpose, language);
            if (said is not null)
            {
                words[list.Id] = said;
            }
        }

        return words;
    }

    public async Task<bool> ExistsAsync(Guid siteId, string key, CancellationToken ct) =>
        PurposeTexts.Keys.Contains(key) || await db.Purposes.AnyAsync(purpose => purpose.SiteId == siteId && purpose.Key == key, ct);

    /// <returns>The site's own and those that every site has, by key.</returns>
    public async Task<List<ShownPurpose>> ListAsync(Guid siteId, CancellationToken ct)
    {
        var own = await db.Purposes.AsNoTracking().Where(purpose => purpose.SiteId == siteId).ToListAsync(ct);
        return
        [
            .. own.Select(purpose => new ShownPurpose(purpose.Key, purpose.WordsByLanguage(), IsOwn: true))
                .Concat(PurposeTexts.Keys.Except(own.Select(purpose => purpose.Key)).Select(BuiltIn))
                .OrderBy(purpose => purpose.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>Makes a purpose, or gives it other words. What was consented to before keeps its words in the ledger.</summary>
    /// <param name="words">By language.</param>
    public Task<Result<ShownPurpose>> SetAsync(Guid siteId, string key, IReadOnlyDictionary<string, string> words, CancellationToken ct)
    {
        if (WhatIsWrong(key, words) is { } wrong)
        {
            return Task.FromResult<Result<ShownPurpose>>(wrong);
        }

        return db.WriteAsync<Result<ShownPurpose>>(
            async () =>
            {
                var json = JsonSerializer.Serialize(words);
                var row = new Purpose
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    SiteId = siteId,
                    Key = key,
                    Words = json,
                    CreatedAt = clock.GetUtcNow().UtcDateTime,
                };
                var known = await db
                    .Purposes.Where(purpose => purpose.SiteId == siteId && purpose.Key == key)
                    .ExecuteUpdateAsync(set => set.SetProperty(purpose => purpose.Words, json), ct);
                if (known == 0)
                {
                    if (await db.Purposes.CountAsync(purpose => purpose.SiteId == siteId, ct) >= MaxPurposes)
                    {
                        return Refusal.Invalid("key", $"A site has at most {MaxPurposes} purposes. Delete one first.");
                    }

                    await db.InsertNewAsync([row], ct);
                }

                return new ShownPurpose(key, words, IsOwn: true);
            },
            ct
        );
    }

    /// <summary>Takes a site's own words away: a purpose that every site has gets its words back, another one is gone.</summary>
    public Task<Refusal?> DeleteAsync(Guid siteId, string key, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (!PurposeTexts.Keys.Contains(key) && await db.Lists.AnyAsync(list => list.SiteId == siteId && list.Purpose == key, ct))
                {
                    return Refusal.Invalid("key", $"Lists have the purpose \"{key}\". Give them another one first: gateway list set");
                }

                var deleted = await db.Purposes.Where(purpose => purpose.SiteId == siteId && purpose.Key == key).ExecuteDeleteAsync(ct);
                return deleted > 0 ? null : new Refusal(RefusalKind.Missing, "not_found", "The site has no words of its own for it.");
            },
            ct
        );

    private static Refusal? WhatIsWrong(string key, IReadOnlyDictionary<string, string> words) =>
        key.Length > Purpose.MaxKey || !Keys().IsMatch(key)
            ? Refusal.Invalid("key", $"A purpose is named by small letters, digits and hyphens, at most {Purpose.MaxKey}.")
        : words.Count == 0 ? Refusal.Invalid("words", "A purpose needs words: what people agree to.")
        : words.Keys.FirstOrDefault(language => Array.IndexOf(Languages.All, language) < 0) is { } unknown
            ? Refusal.Invalid("words", $"\"{unknown}\" is no language of pages: {string.Join(", ", Languages.All)}.")
        : words.Values.Any(text => string.IsNullOrWhiteSpace(text) || text.Length > Purpose.MaxText || text.Contains('\0'))
            ? Refusal.Invalid("words", $"The words of a purpose are 1 to {Purpose.MaxText} characters.")
        : null;

    private static ShownPurpose BuiltIn(string key) =>
        new(
            key,
            Languages
                .All.Select(language => (language, Text: PurposeTexts.Of(key, language)))
                .Where(one => one.Text is not null)
                .ToDictionary(one => one.language, one => one.Text!),
            IsOwn: false
        );

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex Keys();
}
