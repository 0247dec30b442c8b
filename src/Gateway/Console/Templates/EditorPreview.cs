using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Findings;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>What a preview came to.</summary>
/// <param name="Asked">What the template asks for; nothing while it cannot be read.</param>
/// <param name="Filled">The values that it was made with, somebody's properties among them.</param>
/// <param name="Recipient">As whom it was looked at.</param>
/// <param name="Error">Why the values could not be used, as a sentence.</param>
internal sealed record EditorLook(
    ShownPreview Shown,
    IReadOnlyList<TemplateVariable> Asked,
    JsonObject Filled,
    PreviewRecipient Recipient,
    string? Error
);

/// <summary>The preview that stands beside words: rendered, linted, and its HTML put where a frame can load it.</summary>
internal sealed class EditorPreview(
    ContactStore contacts,
    TemplatePreview preview,
    PreviewValues previewValues,
    PreviewAudience previewAudience,
    PreviewFrames frames,
    TemplateFindings findings,
    SectionMatrix matrix,
    MailSenders senders
)
{
    /// <param name="values">By namespace.</param>
    /// <param name="contact">Somebody's address or id; null for the example.</param>
    /// <param name="choice">As whom (<see cref="RecipientChoice"/>).</param>
    public async Task<EditorLook> ShowAsync(
        TemplatePageContext context,
        TemplateSource source,
        JsonObject values,
        string? contact,
        string? choice,
        CancellationToken ct
    )
    {
        var site = context.Admin.Site!;
        var who = await IdOfAsync(site.Id, contact, ct);
        var input = RecipientChoice.Apply(choice, new(null, JsonSerializer.SerializeToElement(values), null, who));
        var together = await previewValues.PutTogetherAsync(site, context.Template.Id, input, ct);
        var filled = together.IsRefused(out var unfit, out var put) ? values : put;
        var asWhom = await previewAudience.OfAsync(site, context.Template.Kind, context.Language, input, filled, ct);
        var recipient = asWhom.IsRefused(out var unknown, out var found) ? null : found;
        var result = await preview.ShowAsync(site, context.Template.Kind, context.Language, source, filled, recipient?.Audience, ct);
        var from = (await senders.FindAsync(site, null, ct))?.Name;
        return new(
            await ViewAsync(context, source, filled, result, from, ct),
            [.. result.Variables.Select(one => one.Variable).DistinctBy(variable => variable.Path)],
            filled,
            recipient ?? new(Segments: null),
            (unfit ?? unknown)?.Message
        );
    }

    private async Task<string?> IdOfAsync(Guid siteId, string? contact, CancellationToken ct)
    {
        if (EmailAddress.Parse(contact) is not { } address)
        {
            return contact;
        }

        var known = await contacts.FindAsync(siteId, address, ct);
        return known is null ? contact : PublicId.Format(PublicId.Contact, known.Id);
    }

    private async Task<ShownPreview> ViewAsync(
        TemplatePageContext context,
        TemplateSource source,
        JsonObject values,
        PreviewResult result,
        string? from,
        CancellationToken ct
    )
    {
        var (errors, warnings) = (
            result.Errors.Select(TemplateErrorLine.Of).ToList(),
            result.Warnings.Select(TemplateErrorLine.Of).ToList()
        );
        if (result.Rendered is not { } shown)
        {
            return new(null, from, null, null, null, 0, null, errors, warnings, [], [], null);
        }

        var isSms = context.Template.Kind == TemplateKind.Sms;
        return new(
            isSms ? null : FramePages.UrlOf(context.Admin, frames.Keep(context.Admin.User.Session, Framed(shown.Html))),
            from,
            shown.Subject,
            shown.Preheader,
            shown.Text,
            result.Bytes,
            isSms ? PartsOf(shown.Text) : null,
            errors,
            warnings,
            shown.Removed,
            TemplateFindingResponse.Of(
                await findings.OfAsync(context.Admin.Site!, context.Template, context.Language, source, values, ct)
            ),
            await SectionsAsync(context, source, result, ct)
        );
    }

    private async Task<ShownSections?> SectionsAsync(
        TemplatePageContext context,
        TemplateSource source,
        PreviewResult result,
        CancellationToken ct
    )
    {
        if (
            result.Sections.Count == 0
            || (await CompiledTemplate.OfAsync(source, context.Admin.Site!.Id, ct)).Template is not { } compiled
        )
        {
            return null;
        }

        var (segments, rows) = await matrix.OfAsync(context.Admin.Site!, context.Template.Kind, compiled, ct);
        return ShownSections.Of(segments, rows, result.Sections);
    }

    /// <summary>Links open beside the page, not in the frame.</summary>
    public static string Framed(string html)
    {
        const string Head = "<head>";
        var head = html.IndexOf(Head, StringComparison.OrdinalIgnoreCase);
        return head < 0 ? html : html.Insert(head + Head.Length, "<base target=\"_blank\">");
    }

    private static string PartsOf(string text)
    {
        var sms = SmsEncoding.Of(text, smart: false);
        var alphabet = sms.Encoding == SmsAlphabet.Gsm7 ? "GSM-7" : "UCS-2";
        var parts =
            sms.Parts == 1
                ? T($"1 part, {text.Length} characters, {alphabet}.")
                : T($"{sms.Parts} parts, {text.Length} characters, {alphabet}.");
        return sms.Note is null ? parts : $"{parts} {sms.Note}";
    }
}
