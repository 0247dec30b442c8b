using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Segments;

/// <summary>As whom a template is looked at.</summary>
/// <param name="Segments">The keys of the segments that its recipient belongs to; null when every section is shown.</param>
internal sealed record PreviewRecipient(IReadOnlyList<string>? Segments)
{
    public Audience Audience => Segments is null ? Audience.Everybody : Audience.In(Segments);
}

/// <summary>
/// Finds out as whom somebody asked to look at a template; a test that is sent later keeps the answer, so that it equals its preview.
/// </summary>
internal sealed class PreviewAudience(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    TemplatePreview preview,
    TimeProvider clock
)
{
    public const string All = "all";
    public const string AsSent = "as_sent";

    private const string Member = "segments";

    /// <param name="values">What the template is looked at with (<see cref="PreviewValues"/>).</param>
    public async Task<Result<PreviewRecipient>> OfAsync(
        Site site,
        TemplateKind kind,
        string language,
        PreviewInput input,
        JsonObject values,
        CancellationToken ct
    )
    {
        if (input.Sections is not (null or All or AsSent))
        {
            return Refusal.Invalid("sections", $"sections is {All} or {AsSent}.");
        }

        if (input.Sections == All)
        {
            return input.Segments is null
                ? new PreviewRecipient(Segments: null)
                : Refusal.Invalid("segments", "Either all sections are shown, or those for some segments.");
        }

        var segments = await SiteSegments.ReadAsync(db, site.Id, ct);
        if (input.Segments is { } given)
        {
            return given.FirstOrDefault(key => key is null || !segments.ByKey.ContainsKey(key)) is { } unknown
                    ? Refusal.Invalid("segments", T($"The site has no segment \"{unknown}\"."))
                : given.Any(key => key is null) ? Refusal.Invalid("segments", "segments holds the keys of segments.")
                : new PreviewRecipient([.. given.Distinct()]);
        }

        var model = preview.ModelOf(site, kind, language, values, Audience.InNoSegment);
        var audience = (await FactsAsync(site, kind, input, segments, ct)).Reading(model.Values, model.Zone);
        return new PreviewRecipient([.. segments.ByKey.Keys.Where(audience.IsIn)]);
    }

    /// <summary>Written into the values of a test.</summary>
    public static void Store(JsonObject values, PreviewRecipient recipient) =>
        values[Member] = recipient.Segments is null ? null : new JsonArray([.. recipient.Segments.Select(key => JsonValue.Create(key))]);

    public static Audience Stored(JsonObject values) =>
        values[Member] is JsonArray keys ? Audience.In([.. keys.Select(key => key!.GetValue<string>())]) : Audience.Everybody;

    /// <summary>An example is nobody in particular: on no list, and known since no time.</summary>
    private async Task<RecipientFacts> FactsAsync(
        Site site,
        TemplateKind kind,
        PreviewInput input,
        SiteSegments segments,
        CancellationToken ct
    )
    {
        var stranger = RecipientFacts.OfStranger(segments, clock.GetUtcNow().UtcDateTime);
        var id = PublicId.Parse(PublicId.Contact, input.Contact);
        if (kind == TemplateKind.Sms || await contacts.FindAsync(site.Id, id, ct) is not { } contact)
        {
            return stranger;
        }

        var lists = await subscriptions.ConfirmedListsAsync([contact.Id], ct);
        return stranger with { CreatedAt = contact.CreatedAt, Lists = lists[contact.Id].ToHashSet() };
    }
}
