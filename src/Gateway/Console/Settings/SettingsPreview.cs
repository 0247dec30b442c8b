using System.Text.Json.Nodes;
using Gateway.Console.Layout;
using Gateway.Console.Templates;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Mail;
using Gateway.Features.OptIn.Pages;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Settings;

/// <summary>
/// The confirmation mail and its page as people would get them with settings that are typed and not saved: made as they are made for
/// people, and put where a frame can load them.
/// </summary>
internal sealed class SettingsPreview(
    ListStore lists,
    PurposeStore purposes,
    PublishedTemplates templates,
    TemplateRenderer renderer,
    MailSenders senders,
    PreviewFrames frames,
    IServiceProvider services,
    ILoggerFactory loggers,
    IOptions<GatewayOptions> gateway
)
{
    /// <summary>What a site without lists is shown with.</summary>
    private static readonly ContactList Example = new() { Name = "Newsletter" };

    /// <param name="site">With what is typed, and fit to be saved.</param>
    public async Task<ShownSettings> ShowAsync(AdminPageContext context, Site site, CancellationToken ct)
    {
        var list = (await lists.OfSiteAsync(site.Id, ct)).Find(one => one.ArchivedAt is null) ?? Example;
        try
        {
            var mail = await MailAsync(site, list, ct);
            return new(
                Keep(context, EditorPreview.Framed(mail.Html)),
                Keep(context, await PageAsync(site, list, ct)),
                (await senders.FindAsync(site, null, ct))?.Name,
                mail.Subject,
                mail.Preheader,
                mail.Text,
                Error: null
            );
        }
        catch (RenderLimitException limit)
        {
            return ShownSettings.Not(TStored(limit.Message));
        }
    }

    private async Task<RenderedTemplate> MailAsync(Site site, ContactList list, CancellationToken ct)
    {
        var published = (await templates.OfAsync(site.Id, ct)).For(list.ConfirmationTemplateId, TemplateKind.Confirmation);
        var (template, language) =
            published?.In(site.Language, site.Language)
            ?? (BuiltInMails.Compiled(BuiltInMails.Confirmation, site.Language), site.Language);
        var links = ((JsonObject)SampleValues.Example(gateway.Value.PublicBase, language)[TemplateNamespaces.Links]!).ToDictionary(
            link => link.Key,
            link => (string?)link.Value
        );
        var model = MailModel.OfConfirmation(site, [list.In(site.Language)], language, links);
        return await renderer.RenderAsync(template, model, TemplateThreads.Looking, site.Id, ct);
    }

    private async Task<string> PageAsync(Site site, ContactList list, CancellationToken ct)
    {
        var words = await purposes.WordsAsync(site.Id, [list], site.Language, site.Language, ct);
        var layout = new PageContext("preview", site.Language).Layout(site.Language, site, [list], "example", words);
        await using var html = new HtmlRenderer(services, loggers);
        return await html.Dispatcher.InvokeAsync(async () =>
            (
                await html.RenderComponentAsync<ConfirmPage>(
                    ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ConfirmPage.Layout)] = layout })
                )
            ).ToHtmlString()
        );
    }

    private string Keep(AdminPageContext context, string html) => FramePages.UrlOf(context, frames.Keep(context.User.Session, html));
}

/// <summary>What a preview of settings shows. Public, like the components, because Razor makes them so.</summary>
/// <param name="MailUrl">Where the mail's HTML is.</param>
/// <param name="PageUrl">Where the page's is.</param>
/// <param name="Error">Why there is nothing to show, as a sentence.</param>
public sealed record ShownSettings(
    string? MailUrl,
    string? PageUrl,
    string? From,
    string? Subject,
    string? Preheader,
    string? Text,
    string? Error
)
{
    internal static ShownSettings Not(string why) => new(null, null, null, null, null, null, why);
}
