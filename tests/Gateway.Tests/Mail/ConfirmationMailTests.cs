using System.Text;
using AngleSharp.Html.Parser;
using Gateway.Features.Mail;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Tests.Hosting;
using MimeKit;

namespace Gateway.Tests.Mail;

public sealed class ConfirmationMailTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string address = $"ada@{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task A_submission_makes_one_mail_and_its_row_forgets_the_links()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: address);

        var mail = await gateway.MailToAsync(address);
        var row = await site.MessageAsync(message => message.State == MessageState.Sent);

        Assert.Equal("Please confirm: Newsletter of Ann's Shop", mail.Subject);
        Assert.Null(row.Secrets);
        Assert.Null(row.DueAt);
        Assert.NotNull(row.SentAt);
        Assert.StartsWith("250 ", row.Answer);
        Assert.Equal($"{row.MessageId}@shop.example", mail.MessageId);
    }

    [Theory]
    [InlineData("en_US", "en", "Please confirm: Newsletter of Ann's Shop", "Confirm my subscription", "This wasn’t me")]
    [InlineData("fr_FR", "fr", "Veuillez confirmer\u00a0: Newsletter – Ann's Shop", "Confirmer mon inscription", "Ce n’était pas moi")]
    [InlineData("de_AT", "de", "Bitte bestätigen: Newsletter von Ann's Shop", "Anmeldung bestätigen", "Das war ich nicht")]
    [InlineData("es_ES", "es", "Confirme su suscripción: Newsletter de Ann's Shop", "Confirmar mi suscripción", "No fui yo")]
    [InlineData("it_IT", "it", "Confermi l’iscrizione: Newsletter di Ann's Shop", "Confermo l’iscrizione", "Non sono stato io")]
    public async Task Both_parts_are_complete_and_in_the_language_of_the_form(
        string locale,
        string language,
        string subject,
        string button,
        string notMe
    )
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: address, change: body => body["form"]!["locale"] = locale);

        var mail = await gateway.MailToAsync(address);
        var page = new HtmlParser().ParseDocument(mail.HtmlBody!);
        var links = page.QuerySelectorAll("a").ToDictionary(link => link.TextContent.Trim(), link => link.GetAttribute("href")!);
        var code = page.QuerySelector(".code")!.TextContent;

        Assert.Equal(subject, mail.Subject);
        Assert.Equal(language, mail.Body!.Headers[HeaderId.ContentLanguage]);
        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Matches(@"^http://localhost/c/[\w-]{32}$", links[button]);
        Assert.Equal(links[button] + "/cancel", links[notMe]);
        Assert.Equal("http://localhost/c", links["http://localhost/c"]);
        Assert.Matches(@"^\d{8}$", code);
        Assert.All(
            [links[button], links[notMe], "http://localhost/c", code, button, notMe, "Newsletter", "Ann's Shop", " 7 "],
            part => Assert.Contains(part, mail.TextBody, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Headers_tell_machines_what_it_is()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: address);

        var mail = await gateway.MailToAsync(address);

        Assert.Equal(["Ann's Shop"], mail.From.Mailboxes.Select(from => from.Name));
        Assert.Equal(["news@shop.example"], mail.From.Mailboxes.Select(from => from.Address));
        Assert.Equal(["auto-generated"], All(mail, "Auto-Submitted"));
        Assert.Equal(["v=1"], All(mail, "Form-Sub"));
        Assert.Equal([$"{site.List.Id:N}:{site.Id:N}:confirmation:gateway"], All(mail, "Feedback-ID"));
        Assert.InRange(gateway.Clock.GetUtcNow() - mail.Date, TimeSpan.FromMinutes(-1), TimeSpan.FromHours(1));
        Assert.Null(mail.Headers[HeaderId.ListUnsubscribe]);
        Assert.Equal("multipart/alternative", mail.Body!.ContentType.MimeType);
        Assert.Equal(["text/plain", "text/html"], mail.BodyParts.Select(part => part.ContentType.MimeType));
    }

    [Fact]
    public async Task The_list_names_the_sender_before_the_site()
    {
        var site = await gateway.NewSiteAsync(list: one => one.FromEmail = "list@lists.example");
        await site.SubmitAsync(email: address);

        var mail = await gateway.MailToAsync(address);

        Assert.Equal("list@lists.example", Assert.Single(mail.From.Mailboxes).Address);
        Assert.EndsWith("@lists.example", mail.MessageId, StringComparison.Ordinal);
    }

    /// <summary>Else every form would be a way to send strangers a text of one's choice.</summary>
    [Theory]
    [InlineData("Patrick O'Brien-Marker")]
    [InlineData("<b>Marker</b><script>alert('Marker')</script>")]
    [InlineData("{{ site.name }} {% for i in (1..9) %}Marker{% endfor %}")]
    [InlineData("Marker\r\nBcc: victim@marker.example")]
    [InlineData("https://marker.example/Marker")]
    public async Task Nothing_the_visitor_typed_is_in_it(string typed)
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(
            email: address,
            name: typed,
            change: body =>
            {
                body["fields"]!["your-city"] = typed;
                body["fields"]!["your-message"] = typed;
                body["form"]!["title"] = typed;
            }
        );

        var mail = await gateway.MailToAsync(address);
        var whole = mail.Headers + mail.Subject + mail.TextBody + mail.HtmlBody;

        Assert.DoesNotContain("Marker", whole, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("203.0.113.7", whole, StringComparison.Ordinal);
        Assert.Equal(address, Assert.Single(mail.GetRecipients()).Address);
        Assert.DoesNotContain(address, mail.TextBody + mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_site_and_list_are_shown_as_text()
    {
        var site = await gateway.NewSiteAsync(
            one => one.Name = "Ann & <i>Bob</i> {{ 1 | plus: 1 }}\r\nBcc: victim@marker.example",
            one => one.Name = "<script>{0}</script>"
        );
        await site.SubmitAsync(email: address);

        var mail = await gateway.MailToAsync(address);
        var page = new HtmlParser().ParseDocument(mail.HtmlBody!);

        const string Name = "Ann & <i>Bob</i> {{ 1 | plus: 1 }} Bcc: victim@marker.example";
        Assert.Equal(Name, Assert.Single(mail.From.Mailboxes).Name);
        Assert.Equal($"Please confirm: <script>{{0}}</script> of {Name}", mail.Subject);
        Assert.Equal(address, Assert.Single(mail.GetRecipients()).Address);
        Assert.Contains(Name, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("i, script"));
    }

    [Theory]
    [InlineData("#ffdd00", "#000000")]
    [InlineData("#14213d", "#ffffff")]
    [InlineData("red; background:url(https://marker.example)", "#ffffff")]
    [InlineData(null, "#ffffff")]
    public async Task The_button_wears_the_brands_colour_and_can_be_read(string? colour, string letters)
    {
        var site = await gateway.NewSiteAsync(one => (one.Colour, one.LogoUrl) = (colour, "javascript:alert(1)"));
        await site.SubmitAsync(email: address);

        var page = new HtmlParser().ParseDocument((await gateway.MailToAsync(address)).HtmlBody!);
        var button = page.QuerySelector(".button")!;

        Assert.Equal(colour is ['#', ..] ? colour : "#1f4e8c", button.GetAttribute("bgcolor"));
        Assert.Contains($"color:{letters}", button.QuerySelector("a")!.GetAttribute("style"), StringComparison.Ordinal);
        Assert.DoesNotContain("marker", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("img"));
    }

    [Fact]
    public void Every_brand_colour_leaves_readable_letters_on_the_button()
    {
        for (var rgb = 0; rgb <= 0xffffff; rgb += 0x010305)
        {
            var colour = new BrandColour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
            var lighter = colour.TextOnIt == "#ffffff" ? 1.05 / (colour.Luminance + 0.05) : (colour.Luminance + 0.05) / 0.05;
            Assert.True(lighter >= 4.5, $"{colour} has {lighter:F2}");
        }
    }

    /// <summary>As on the wire: programs look for the words themselves and decode nothing.</summary>
    private static IEnumerable<string> All(MimeMessage mail, string header) =>
        mail
            .Headers.Where(one => one.Field.Equals(header, StringComparison.OrdinalIgnoreCase))
            .Select(one => Encoding.ASCII.GetString(one.RawValue).Trim());
}
