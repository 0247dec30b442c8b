using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates;

/// <summary>Which values a template is looked at with, as somebody asked for it.</summary>
/// <param name="Sample">The name of a kept one.</param>
/// <param name="Values">JSON by namespace, over the sample.</param>
/// <param name="Simple">Texts by path, <c>vars.order.number</c>, over both.</param>
/// <param name="Contact">The id of somebody whose properties are taken, <c>con_…</c>.</param>
/// <param name="Segments">The segments that the recipient is taken to belong to, and to no other; null leaves that to the values.</param>
/// <param name="Sections"><c>all</c> shows every section; <c>as_sent</c>, and null, what the recipient would see.</param>
internal sealed record PreviewInput(
    string? Sample,
    JsonElement? Values,
    IReadOnlyDictionary<string, string?>? Simple,
    string? Contact,
    IReadOnlyList<string>? Segments = null,
    string? Sections = null
);

/// <summary>Puts those values together.</summary>
internal sealed class PreviewValues(ContactStore contacts, TemplateSamples samples)
{
    /// <returns>The values by namespace.</returns>
    public async Task<Result<JsonObject>> PutTogetherAsync(Site site, Guid templateId, PreviewInput input, CancellationToken ct)
    {
        var values = new JsonObject();
        if (input.Sample is not null)
        {
            if (await samples.FindAsync(templateId, input.Sample, ct) is not { } sample)
            {
                return Refusal.Invalid("sample", T("The template has no such sample."));
            }

            values = JsonNode.Parse(sample.Json)!.AsObject();
        }

        if (input.Contact is not null)
        {
            var id = PublicId.Parse(PublicId.Contact, input.Contact);
            if (await contacts.FindAsync(site.Id, id, ct) is not { } contact)
            {
                return Refusal.Invalid("contact", T("There is no such contact at this site."));
            }

            values[TemplateNamespaces.Contact] = new JsonObject(
                ContactValues.Of(contact).Select(one => new KeyValuePair<string, JsonNode?>(one.Key, one.Value))
            );
        }

        if (GivenJson.Read(input.Values, "values", "values").IsRefused(out var unfit, out var given))
        {
            return unfit;
        }

        if (TemplateSamples.Error(given) is { } error)
        {
            return Refusal.Invalid("values", error);
        }

        Lay(values, given);

        foreach (var (path, text) in input.Simple ?? new Dictionary<string, string?>())
        {
            if (!path.Contains('.') || !SampleValues.Set(values, path, text))
            {
                return Refusal.Invalid(
                    $"simple.{path}",
                    T("A simple variable is named by its path, such as vars.order.number, and leads through objects only.")
                );
            }
        }

        return TemplateSamples.Error(values) is { } whole ? Refusal.Invalid("simple", whole) : values;
    }

    private static void Lay(JsonObject values, JsonObject over)
    {
        foreach (var (name, given) in over)
        {
            if (values[name] is JsonObject known && given is JsonObject members)
            {
                foreach (var (member, value) in members)
                {
                    known[member] = value?.DeepClone();
                }
            }
            else
            {
                values[name] = given?.DeepClone();
            }
        }
    }
}
