using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Templates;

/// <summary>Which values a template is looked at with, as somebody asked for it.</summary>
/// <param name="Sample">The name of a kept one.</param>
/// <param name="Values">JSON by namespace, over the sample.</param>
/// <param name="Simple">Texts by path, <c>vars.order.number</c>, over both.</param>
/// <param name="Contact">The id of somebody whose properties are taken, <c>con_…</c>.</param>
/// <param name="Segments">The segments that the reader is taken to belong to, and to no other; null leaves that to the values.</param>
/// <param name="Sections"><c>all</c> shows every section; <c>as_sent</c>, and null, what the reader would see.</param>
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
    /// <returns>The values by namespace; or the name of a field and a sentence.</returns>
    public async Task<(JsonObject? Values, string Field, string Error)> PutTogetherAsync(
        Site site,
        Guid templateId,
        PreviewInput input,
        CancellationToken ct
    )
    {
        var values = new JsonObject();
        if (input.Sample is not null)
        {
            if (await samples.FindAsync(templateId, input.Sample, ct) is not { } sample)
            {
                return (null, "sample", "The template has no such sample.");
            }

            values = JsonNode.Parse(sample.Json)!.AsObject();
        }

        if (input.Contact is not null)
        {
            var id = PublicId.Parse(PublicId.Contact, input.Contact);
            if (await contacts.FindAsync(site.Id, id, ct) is not { } contact)
            {
                return (null, "contact", "There is no such contact at this site.");
            }

            values[TemplateNamespaces.Contact] = new JsonObject(
                ContactValues.Of(contact).Select(one => new KeyValuePair<string, JsonNode?>(one.Key, one.Value))
            );
        }

        var (given, unfit) = GivenJson.Read(input.Values, "values");
        if ((unfit ?? TemplateSamples.Error(given!)) is { } error)
        {
            return (null, "values", error);
        }

        Lay(values, given!);

        foreach (var (path, text) in input.Simple ?? new Dictionary<string, string?>())
        {
            if (!path.Contains('.') || !SampleValues.Set(values, path, text))
            {
                return (
                    null,
                    $"simple.{path}",
                    "A simple variable is named by its path, such as vars.order.number, and leads through objects only."
                );
            }
        }

        return TemplateSamples.Error(values) is { } whole ? (null, "simple", whole) : (values, "", "");
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
