using System.Text.Json;
using Fluid.Values;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Sms;

/// <summary>Makes the text of an SMS of a template.</summary>
internal sealed class SmsTemplates(SiteCache sites, PublishedTemplates templates, TemplateRenderer renderer, TimeProvider clock)
{
    /// <returns>The text; or why there is none.</returns>
    public async Task<(string? Text, ProblemHttpResult? Problem)> FillAsync(Guid siteId, SmsRequest request, CancellationToken ct)
    {
        var published = await templates.OfAsync(siteId, ct);
        if (
            (await sites.FindAsync(siteId, ct))?.Site is not { } site
            || published.Find(request.Template, TemplateKind.Sms) is not { } template
        )
        {
            return Refuse("template", "There is no such template that is published. See /v1/templates?kind=sms&published=true.");
        }

        var (vars, field, error) = CallerVariables.Read(request.Vars, null);
        if (vars is null)
        {
            return Refuse(field, error);
        }

        using var json = JsonDocument.Parse(vars.ToJsonString());
        var (words, language) = template.In(Languages.Pick(request.Language, site.Language), site.Language);
        var (zone, values) = (
            QuietHours.ZoneOf(site.TimeZone),
            new Dictionary<string, FluidValue>
            {
                [TemplateNamespaces.Site] = SiteModel.Of(site).ToValue(),
                [TemplateNamespaces.Vars] = TemplateValues.Of(json.RootElement),
            }
        );

        // A number belongs to nobody that the gateway knows, so sections go by what was sent with the call.
        var model = new TemplateModel(
            language,
            zone,
            values,
            RecipientFacts.OfStranger(published.Segments, clock.GetUtcNow().UtcDateTime).Reading(values, zone)
        );
        try
        {
            var text = (await renderer.RenderAsync(words, model, isSent: true)).Text.Trim();
            return SmsEncoding.Error(text) is { } unfit ? Refuse("template", $"Filled with these values, its {unfit}") : (text, null);
        }
        catch (RenderLimitException limit)
        {
            return Refuse("template", limit.Message);
        }
    }

    private static (string? Text, ProblemHttpResult? Problem) Refuse(string field, string sentence) =>
        (
            null,
            Problems.Of(
                StatusCodes.Status400BadRequest,
                "template_invalid",
                sentence,
                new Dictionary<string, string[]> { [field] = [sentence] }
            )
        );
}
