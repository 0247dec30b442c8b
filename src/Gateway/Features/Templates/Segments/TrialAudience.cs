using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Templates.Segments;

/// <summary>As whom a template is looked at.</summary>
/// <param name="Segments">The keys of the segments that its reader belongs to; null when every section is shown.</param>
internal sealed record TrialReader(IReadOnlyList<string>? Segments)
{
    public Audience Audience => Segments is null ? Audience.Everybody : Audience.In(Segments);
}

/// <summary>Finds out as whom somebody asked to look at a template; a test that is sent later keeps the answer, so that it equals its preview.</summary>
internal sealed class TrialAudience(GatewayDb db, ContactStore contacts, SubscriptionStore subscriptions, TemplatePreview preview, TimeProvider clock)
{
    public const string All = "all";
    public const string AsSent = "as_sent";

    private const string Member = "segments";

    /// <param name="values">What the template is looked at with (<see cref="TrialValues"/>).</param>
    /// <returns>The reader; or the name of a field and a sentence.</returns>
    public async Task<(TrialReader? Reader, string Field, string Fault)> OfAsync(
        Site site, TemplateKind kind, string language, Trial trial, JsonObject values, CancellationToken ct)
    {
        if (trial.Sections is not (null or All or AsSent))
        {
            return (null, "sections", $"sections is {All} or {AsSent}.");
        }

        if (trial.Sections == All)
        {
            return trial.Segments is null ? (new(Segments: null), "", "") : (null, "segments", "Either all sections are shown, or those for some segments.");
        }

        var segments = await SiteSegments.ReadAsync(db, site.Id, ct);
        if (trial.Segments is { } given)
        {
            return given.FirstOrDefault(key => key is null || !segments.ByKey.ContainsKey(key)) is { } unknown ? (null, "segments", $"The site has no segment \"{unknown}\".")
                : given.Any(key => key is null) ? (null, "segments", "segments holds the keys of segments.")
                : (new([.. given.Distinct()]), "", "");
        }

        var model = preview.ModelOf(site, kind, language, values, Audience.InNoSegment);
        var audience = (await FactsAsync(site, kind, trial, segments, ct)).Reading(model.Values, model.Zone);
        return (new([.. segments.ByKey.Keys.Where(audience.IsIn)]), "", "");
    }

    /// <summary>Written into the values of a test.</summary>
    public static void Store(JsonObject values, TrialReader reader) =>
        values[Member] = reader.Segments is null ? null : new JsonArray([.. reader.Segments.Select(key => JsonValue.Create(key))]);

    public static Audience Stored(JsonObject values) =>
        values[Member] is JsonArray keys ? Audience.In([.. keys.Select(key => key!.GetValue<string>())]) : Audience.Everybody;

    /// <summary>An example is nobody in particular: on no list, and known since no time.</summary>
    private async Task<ReaderFacts> FactsAsync(Site site, TemplateKind kind, Trial trial, SiteSegments segments, CancellationToken ct)
    {
        var stranger = ReaderFacts.OfStranger(segments, clock.GetUtcNow().UtcDateTime);
        var id = PublicId.Parse(PublicId.Contact, trial.Contact);
        if (kind == TemplateKind.Sms || await contacts.FindAsync(site.Id, id, ct) is not { } contact)
        {
            return stranger;
        }

        var lists = await subscriptions.ConfirmedListsAsync([contact.Id], ct);
        return stranger with { CreatedAt = contact.CreatedAt, Lists = lists[contact.Id].ToHashSet() };
    }
}
