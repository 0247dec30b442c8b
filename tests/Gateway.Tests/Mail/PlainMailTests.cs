using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Gateway.Tests.Hosting;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>The built-in template of transactional mails: what a caller wrote arrives as text, and as nothing else.</summary>
public sealed class PlainMailTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string address = $"ada@{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task Paragraphs_lines_and_links_are_made_of_the_text()
    {
        var (mail, page) = await SendAsync(
            "Your order",
            "Hello Ada,\r\nit is on its way.\r\n\r\nFollow it here (https://shop.example/track?id=1&x=2).\n \n\nBye"
        );

        var paragraphs = page.QuerySelectorAll("h1 ~ p");
        Assert.Equal("Your order", Assert.Single(page.QuerySelectorAll("h1")).TextContent);
        Assert.Equal(3, paragraphs.Length);
        Assert.Equal("Hello Ada,<br>it is on its way.", paragraphs[0].InnerHtml);
        var link = Assert.IsAssignableFrom<IHtmlAnchorElement>(Assert.Single(page.QuerySelectorAll("a")));
        Assert.Equal(
            ("https://shop.example/track?id=1&x=2", "https://shop.example/track?id=1&x=2"),
            (link.GetAttribute("href"), link.TextContent)
        );
        Assert.Equal("Follow it here (https://shop.example/track?id=1&x=2).", paragraphs[1].TextContent);
        Assert.StartsWith("Hello Ada, it is on its way. Follow", page.QuerySelector("body > div")!.TextContent);
        Assert.Equal(
            "Your order\n\nHello Ada,\nit is on its way.\n\nFollow it here (https://shop.example/track?id=1&x=2).\n \n\nBye\n\n-- \nAnn's "
                + "Shop sent you this email.\n",
            mail.TextBody!.ReplaceLineEndings("\n")
        );
    }

    [Theory]
    [InlineData("See https://en.wikipedia.example/wiki/Ada_(name) there", "https://en.wikipedia.example/wiki/Ada_(name)")]
    [InlineData("HTTPS://SHOP.EXAMPLE/A!", "HTTPS://SHOP.EXAMPLE/A")]
    [InlineData("“http://shop.example/a”, he said", "http://shop.example/a")]
    [InlineData("https://münchen.example/straße…", "https://münchen.example/straße…")]
    [InlineData("javascript:alert(1) data:text/html,x ftp://shop.example file:///etc/passwd mailto:ada@example.org", null)]
    [InlineData("https:// https://? xhttps://shop.example", null)]
    [InlineData("https://shop.example/\" onmouseover=\"alert(1)", "https://shop.example/")]
    [InlineData("https://shop.example/'><script>alert(1)</script>", "https://shop.example/")]
    public async Task Only_addresses_of_the_web_become_links(string body, string? link)
    {
        var (_, page) = await SendAsync("Links", body);

        Assert.Equal(link is null ? [] : [link], page.QuerySelectorAll("a").Select(one => one.GetAttribute("href")));
        Assert.Equal(body, page.QuerySelector("h1 + p")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("script, [onmouseover]"));
    }

    [Fact]
    public async Task Templates_and_tags_in_it_are_text()
    {
        const string Nasty = "<b>{{ site.name }}</b> {% for i in (1..9) %}x{% endfor %} <img src=x onerror=alert(1)> & {{ 1 | plus: 1 }}";

        var (mail, page) = await SendAsync(Nasty, Nasty);

        Assert.Equal(Nasty, mail.Subject);
        Assert.Equal(Nasty, page.QuerySelector("h1")!.TextContent);
        Assert.Equal(Nasty, page.QuerySelector("h1 + p")!.TextContent);
        Assert.Contains(Nasty, mail.TextBody, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("b, img"));
    }

    [Fact]
    public async Task Headers_say_that_it_is_no_list_mail()
    {
        var site = await gateway.NewSiteAsync(one => one.Name = "Ann & Söhne\r\nBcc: victim@marker.example");
        await site.MailAsync(address, change: body => body["replyTo"] = "Orders@shop.example");

        var mail = await gateway.MailToAsync(address);

        Assert.Equal("Ann & Söhne Bcc: victim@marker.example", Assert.Single(mail.From.Mailboxes).Name);
        Assert.Equal(address, Assert.Single(mail.GetRecipients()).Address);
        Assert.Equal("Orders@shop.example", Assert.Single(mail.ReplyTo.Mailboxes).Address);
        Assert.Null(mail.Headers[HeaderId.ListUnsubscribe]);
        Assert.Null(mail.Headers["Form-Sub"]);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal(
            $"transactional:{site.Id:N}:plain:gateway",
            Encoding.ASCII.GetString(mail.Headers.Single(one => one.Field == "Feedback-ID").RawValue).Trim()
        );
        Assert.Equal("multipart/alternative", mail.Body!.ContentType.MimeType);
    }

    [Theory]
    [InlineData("fr-CA", "fr", "vous a envoyé cet e-mail.")]
    [InlineData("de", "de", "hat Ihnen diese E-Mail geschickt.")]
    [InlineData("es", "es", "le ha enviado este correo.")]
    [InlineData("it", "it", "Le ha inviato questa e-mail.")]
    [InlineData("xx", "en", "sent you this email.")]
    public async Task What_the_gateway_adds_is_in_the_language_asked_for(string asked, string language, string footer)
    {
        var (mail, page) = await SendAsync("Hello", "Hello", body => body["language"] = asked);

        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(language, mail.Body!.Headers[HeaderId.ContentLanguage]);
        Assert.Contains(footer, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains(footer, mail.TextBody, StringComparison.Ordinal);
    }

    private async Task<(MimeMessage Mail, IHtmlDocument Page)> SendAsync(string subject, string body, Action<JsonObject>? change = null)
    {
        var site = await gateway.NewSiteAsync();
        var answer = await site.MailAsync(
            address,
            change: mail =>
            {
                mail["variables"] = new JsonObject { ["subject"] = subject, ["body"] = body };
                change?.Invoke(mail);
            }
        );
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.Status);
        var sent = await gateway.MailToAsync(address);
        return (sent, new HtmlParser().ParseDocument(sent.HtmlBody!));
    }
}
