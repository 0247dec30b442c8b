using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Simple;

/// <summary>
/// Makes a template of what was written in simple mode: the layout of the built-in mails, and around the site's words whatever a mail of
/// the kind must hold, in its language. The same words always make the same template.
/// </summary>
internal static partial class WriteSimple
{
    private const string QuietLink = "color:#5c636e; text-decoration:underline;";

    /// <summary>An SMS is nothing but a text.</summary>
    public static bool Can(TemplateKind kind) => kind != TemplateKind.Sms;

    /// <summary>Whether its author says where the button leads: in the others it leads where the mail is for.</summary>
    public static bool AsksForLink(TemplateKind kind) => kind is TemplateKind.Email or TemplateKind.Welcome;

    /// <returns>What a new one begins as.</returns>
    public static SimpleTemplate Begin(TemplateKind kind, string language)
    {
        var words = BuiltInMails.WordsOf(BuiltInMails.KeyOf(kind), language);
        string Of(string key) => words.GetValueOrDefault(key, "");
        return kind switch
        {
            TemplateKind.Email => new("{{ site.name }}", "", "", "", "{{ site.name }}", "", "", "", ""),
            TemplateKind.Welcome => new(
                Of("subject"),
                Of("preheader"),
                "",
                "",
                Of("heading"),
                Of("intro"),
                Of("preferences"),
                "{{ links.preferences }}",
                ""
            ),
            _ => new(Of("subject"), Of("preheader"), "", "", Of("heading"), Of("intro"), Of("button"), "", ""),
        };
    }

    /// <returns>The template; or why it cannot be made, with the field.</returns>
    public static Result<TemplateSource> Write(SimpleTemplate typed, TemplateKind kind, string language)
    {
        if (ErrorOf(typed, kind) is { } wrong)
        {
            return wrong;
        }

        var parts = new Parts(typed, kind, BuiltInMails.WordsOf(BuiltInMails.KeyOf(kind), language));
        return new TemplateSource(
            typed.Subject,
            typed.Preheader,
            Part().Replace(BuiltInMails.Read("simple.html.liquid"), part => parts.Html(part.Groups["key"].Value)),
            parts.Text()
        );
    }

    private static Refusal? ErrorOf(SimpleTemplate typed, TemplateKind kind)
    {
        foreach (
            var (field, label, text) in new (string, string, string)[]
            {
                ("subject", "The subject", typed.Subject),
                ("preheader", "The preheader", typed.Preheader),
                ("logo", "The logo", typed.Logo),
                ("heading", "The heading", typed.Heading),
                ("text", "The text", typed.Text),
                ("button", "The button", typed.Button),
                ("link", "The link of the button", typed.Link),
                ("footer", "The footer", typed.Footer),
            }
        )
        {
            if (SimpleText.ErrorOf(T(label), text, kind) is { } unfit)
            {
                return Refusal.Invalid(field, unfit);
            }
        }

        return typed.Colour.Length > 0 && BrandColour.Parse(typed.Colour) is null
                ? Refusal.Invalid("colour", T("The colour is one such as #1a2b3c."))
            : typed.Logo.Length > 0 && !(Uri.TryCreate(typed.Logo, UriKind.Absolute, out var logo) && logo.Scheme == "https")
                ? Refusal.Invalid("logo", T("The logo is an address that begins with https://."))
            : typed.Button.Length == 0 && !AsksForLink(kind)
                ? Refusal.Invalid("button", T("The button needs a text: the mail is for it."))
            : AsksForLink(kind) && typed.Button.Length > 0 && !SimpleText.IsLink(typed.Link)
                ? Refusal.Invalid(
                    "link",
                    T("The link of the button is an address that begins with https://, or a variable such as {{ vars.link }}.")
                )
            : null;
    }

    /// <param name="Link">Where it leads; empty where it leads nowhere.</param>
    /// <param name="Shown">What stands for the link.</param>
    private sealed record DutyLine(string Words, string Link = "", string Shown = "");

    /// <summary>What takes the place of each mark in the layout.</summary>
    private sealed class Parts(SimpleTemplate typed, TemplateKind kind, IReadOnlyDictionary<string, string> words)
    {
        private readonly BrandColour? _colour = BrandColour.Parse(typed.Colour);

        private string Link =>
            kind switch
            {
                TemplateKind.Confirmation => "{{ links.confirm }}",
                TemplateKind.Repermission => "{{ links.stay }}",
                _ => typed.Link,
            };

        public string Html(string mark) =>
            mark switch
            {
                "subject" => SimpleText.Encode(typed.Subject),
                "colour" => _colour?.ToString() ?? "{{ site.colour }}",
                "on_colour" => _colour?.TextOnIt ?? "{{ site.on_colour }}",
                "edge" => _colour?.EdgeOnLight ?? "{{ site.edge }}",
                "button_on_dark" => OfButton(
                    $"  .button {{ border-color: {_colour?.EdgeOnDark ?? "{{ site.edge_on_dark }}"} !important; }}\n"
                ),
                "button_on_phone" => OfButton(
                    "  .wide { width: 100% !important; }\n"
                        + "  .button a { display: block !important; padding-left: 12px !important; padding-right: 12px !important; }\n"
                ),
                "logo" => Logo(),
                "heading" => SimpleText.Encode(typed.Heading),
                "paragraphs" => string.Concat(SimpleText.Paragraphs(typed.Text).Select(Paragraph)),
                "button" => Button(),
                "duty" => string.Concat(Duty().Select(line => Quiet(line.Words, line.Link, line.Shown))),
                "footer" => Footer(),
                _ => throw new InvalidOperationException($"The layout has an unknown mark, {mark}."),
            };

        public string Text()
        {
            var text = new StringBuilder();
            void Add(params string[] lines) => text.Append(string.Join('\n', lines.Where(line => line.Length > 0))).Append("\n\n");
            Add(typed.Heading);
            if (typed.Text.Trim() is { Length: > 0 } body)
            {
                Add(body);
            }

            if (typed.Button.Length > 0)
            {
                Add(typed.Button, Link);
            }

            foreach (var line in Duty())
            {
                Add(line.Words, line.Shown == line.Link ? "" : line.Shown, line.Link);
            }

            return text.Append("--{{ \" \" }}\n")
                .Append(words.GetValueOrDefault("footer", ""))
                .Append(
                    typed.Footer.Trim() is { Length: > 0 } footer ? "\n" + footer : "{% if site.footer %}\n{{ site.footer }}{% endif %}"
                )
                .Append('\n')
                .ToString();
        }

        private string Logo()
        {
            static string Image(string address) =>
                $"<img src=\"{address}\" alt=\"{{{{ site.name }}}}\" height=\"40\" "
                + "style=\"display:block; height:40px; max-width:240px; border:0; font-size:16px; line-height:24px;\">";
            return typed.Logo.Length > 0
                ? Image(SimpleText.Encode(typed.Logo))
                : $"{{% if site.logo_url %}}{Image("{{ site.logo_url }}")}{{% else %}}{{{{ site.name }}}}{{% endif %}}";
        }

        private static string Paragraph(string html) =>
            "\n<p class=\"ink\" style=\"margin:14px 0 0; font-size:16px; line-height:25px; color:#1c1f24; overflow-wrap:anywhere;\">"
            + $"{html}</p>";

        /// <summary>A mail without a button has no style for one.</summary>
        private string OfButton(string style) => typed.Button.Length == 0 ? "" : style;

        private string Button() =>
            typed.Button.Length == 0
                ? ""
                : $"""

                    <tr><td class="pad" align="center" style="padding:26px 40px 0;">
                    <table role="presentation" class="wide" cellpadding="0" cellspacing="0" border="0">
                    <tr><td class="button" align="center" bgcolor="{Html("colour")}" style="background-color:{Html(
                        "colour"
                    )}; border:1px solid {Html("edge")}; border-radius:6px; mso-padding-alt:15px 30px;">
                    <a href="{SimpleText.Encode(Link)}" style="display:inline-block; padding:15px 30px; font-size:17px; line-height:22px; font-weight:bold; color:{Html("on_colour")}; text-decoration:none;">{SimpleText.Encode(
                        typed.Button
                    )}</a>
                    </td></tr>
                    </table>
                    </td></tr>
                    """;

        /// <summary>What a mail of the kind says whatever its author writes.</summary>
        private IEnumerable<DutyLine> Duty() =>
            kind switch
            {
                TemplateKind.Confirmation =>
                [
                    new(words["validity"]),
                    new(words["code_intro"], "{{ links.code_page }}", "{{ links.code_page }}"),
                    new($"{words["code"]} {{{{ links.code }}}}"),
                    new(words["not_me_intro"], "{{ links.not_me }}", words["not_me"]),
                ],
                TemplateKind.Welcome => [new(words["unsubscribe_intro"], "{{ links.unsubscribe }}", words["unsubscribe"])],
                TemplateKind.Repermission =>
                [
                    new(words["otherwise"]),
                    new(words["unsubscribe_intro"], "{{ links.unsubscribe }}", words["unsubscribe"]),
                ],
                _ => [],
            };

        private static string Quiet(string words, string link, string shown)
        {
            var way = link.Length == 0 ? "" : $" <a class=\"quiet\" href=\"{link}\" style=\"{QuietLink}\">{SimpleText.Encode(shown)}</a>";
            return $"\n<tr><td class=\"pad\" style=\"padding:16px 40px 0;\">"
                + "<p class=\"quiet\" style=\"margin:0; font-size:15px; line-height:23px; color:#5c636e;\">"
                + $"{SimpleText.Encode(words)}{way}</p>"
                + "</td></tr>";
        }

        private string Footer()
        {
            var first = SimpleText.Encode(words.GetValueOrDefault("footer", ""));
            return typed.Footer.Trim() is { Length: > 0 } footer
                ? string.Join(
                    "<br>\n",
                    footer.Split('\n').Select(line => SimpleText.ToHtml(line.Trim(), "quiet", QuietLink)).Prepend(first)
                )
                : first + BuiltInMails.Imprint;
        }
    }

    [GeneratedRegex(@"\{\{ simple\.(?<key>\w+) \}\}")]
    private static partial Regex Part();
}
