using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid.Values;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;

namespace Gateway.Features.Templates.BuiltIn;

/// <summary>
/// What the template of a mail sees. That of a confirmation sees nothing a visitor typed: else a form would be a relay for other people's
/// spam.
/// </summary>
internal static class MailModel
{
    /// <param name="lists">All that the mail asks for: one, or several where a form named several. In the person's language, even where
    /// the template is in another: it is what their pages show too, and what the ledger proves.</param>
    public static TemplateModel OfConfirmation(
        Site site,
        IReadOnlyList<ShownList> lists,
        string language,
        IReadOnlyDictionary<string, string?> links
    ) => ModelOf(site, lists, language, links, [], null);

    /// <param name="values">By namespace: the form that the person sent.</param>
    public static TemplateModel OfWelcome(
        Site site,
        ShownList list,
        Contact contact,
        string language,
        IReadOnlyDictionary<string, string?> links,
        JsonObject? values,
        RecipientFacts recipient
    ) =>
        ModelOf(
            site,
            [list],
            language,
            links,
            new()
            {
                [TemplateNamespaces.Contact] = ContactValues.ValueOf(contact),
                [TemplateNamespaces.Form] = ValueOf(values?[TemplateNamespaces.Form]?.AsObject() ?? []),
            },
            recipient
        );

    /// <param name="contact">Whoever has the address; null when the site knows nobody by it.</param>
    public static TemplateModel OfTransactional(
        Site site,
        Contact? contact,
        string language,
        JsonObject vars,
        RecipientFacts recipient
    ) =>
        ModelOf(
            site,
            [],
            language,
            new Dictionary<string, string?>(),
            new()
            {
                [TemplateNamespaces.Contact] = contact is null ? TemplateObject.Empty : ContactValues.ValueOf(contact),
                [TemplateNamespaces.Vars] = ValueOf(vars),
            },
            recipient
        );

    /// <param name="recipient">Null where the template knows nothing about whom it goes to.</param>
    private static TemplateModel ModelOf(
        Site site,
        IReadOnlyList<ShownList> lists,
        string language,
        IReadOnlyDictionary<string, string?> links,
        Dictionary<string, FluidValue> values,
        RecipientFacts? recipient
    )
    {
        values[TemplateNamespaces.List] = OfLists(lists);
        values[TemplateNamespaces.Site] = SiteModel.Of(site).ToValue();
        values[TemplateNamespaces.Links] = TemplateValues.Of(links);
        var zone = QuietHours.ZoneOf(site.TimeZone);
        return new(language, zone, values, recipient?.Reading(values, zone) ?? Audience.InNoSegment);
    }

    /// <summary>
    /// <c>list.name</c> is all names in one line, <c>list.names</c> each by itself, <c>list.all</c> each with what is said of it.
    /// </summary>
    private static TemplateObject OfLists(IReadOnlyList<ShownList> lists) =>
        new(
            new Dictionary<string, FluidValue>(StringComparer.Ordinal)
            {
                ["name"] = new StringValue(OneLine.Of(ShownList.NamesOf(lists))),
                ["names"] = new ArrayValue([.. lists.Select(list => new StringValue(OneLine.Of(list.Name)))]),
                ["all"] = new ArrayValue([.. lists.Select(OfList)]),
            }
        );

    private static TemplateObject OfList(ShownList list) =>
        TemplateValues.Of(new Dictionary<string, string?> { ["name"] = OneLine.Of(list.Name), ["description"] = list.Description });

    private static FluidValue ValueOf(JsonObject json)
    {
        using var document = JsonDocument.Parse(json.ToJsonString());
        return TemplateValues.Of(document.RootElement);
    }
}
