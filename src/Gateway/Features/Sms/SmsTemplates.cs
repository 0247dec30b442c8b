using System.Text.Json;
using Fluid.Values;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Sms;

/// <summary>Makes the text of an SMS of a template.</summary>
internal sealed class SmsTemplates(SiteCache sites, PublishedTemplates templates, TemplateRenderer renderer, TimeProvider clock)
{
    public async Task<Result<string>> FillAsync(Guid siteId, SmsRequest request, CancellationToken ct)
    {
        var published = await templates.OfAsync(siteId, ct);
        if (
            (await sites.FindAsync(siteId, ct))?.Site is not { } site
            || published.Find(request.Template, TemplateKind.Sms) is not { } template
        )
        {
            return Refuse("template", "There is no such template that is published. See /v1/templates?kind=sms&published=true.");
        }

        if (CallerVariables.Read(request.Vars, null).IsRefused(out var unusable, out var vars))
        {
            return Refuse(unusable.Field!, unusable.Message);
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
            var text = (await renderer.RenderAsync(words, model, TemplateThreads.Filling, siteId, ct)).Text.Trim();
            return SmsEncoding.Error(text) is { } unfit ? Refuse("template", $"Filled with these values, its {unfit}") : text;
        }
        catch (RenderLimitException limit)
        {
            return Refuse("template", limit.Message);
        }
    }

    private static Refusal Refuse(string field, string sentence) => new(RefusalKind.Invalid, "template_invalid", sentence, field);
}
