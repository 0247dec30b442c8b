using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.Submissions;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>Whichever way an address comes in, and however it is written, it is the same person.</summary>
public sealed class AddressDoorsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string local = $"{Guid.CreateVersion7():N}";

    [Fact]
    public async Task One_person_at_a_domain_with_an_umlaut_is_one_person_at_every_door()
    {
        var site = await gateway.NewSiteAsync();
        var (typed, posted) = ($"{local}@bücher.example", $"{local}@xn--bcher-kva.example");

        await site.ProcessedAsync((await site.SubmitAsync(email: posted)).Id);
        var asked = await site.AddContactAsync(typed);
        var found = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/contacts/search",
            new JsonObject { ["email"] = $"Ann <{typed}>" },
            "read"
        );
        var again = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/contacts/search",
            new JsonObject { ["email"] = $" <{typed}>. " },
            "read"
        );
        var code = await CodeAsync(site);
        var thanks = await site.SendFormAsync("/c", ("email", typed), ("code", code));

        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        Assert.Equal(1, await site.CountContactsAsync());
        Assert.Equal(HttpStatusCode.BadRequest, found.Status);
        Assert.Contains("without a name", (string?)found.Json["errors"]!["email"]![0], StringComparison.Ordinal);
        Assert.Equal(asked.Id, (string?)Assert.Single(again.Json["items"]!.AsArray())!["id"]);
        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.Equal("confirmed", (await site.ReadContactAsync(asked.Id)).Status());
    }

    [Fact]
    public async Task Quotation_marks_that_are_not_needed_get_nobody_a_second_mail()
    {
        var site = await gateway.NewSiteAsync();

        await site.ProcessedAsync((await site.SubmitAsync(email: $"{local}@example.org")).Id);
        await site.ProcessedAsync((await site.SubmitAsync(email: $"\"{local}\"@example.org")).Id);
        await site.AddContactAsync($"\u202a\"{local}\"@EXAMPLE.org.\u202c");

        Assert.Equal(1, await site.CountContactsAsync());
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    public async Task An_address_with_dots_in_odd_places_gets_its_mail_in_quotation_marks()
    {
        var site = await gateway.NewSiteAsync();
        var row = await site.ProcessedAsync((await site.SubmitAsync(email: $"{local}..x.@docomo.ne.jp")).Id);

        var mail = await gateway.MailToAsync($"\"{local}..x.\"@docomo.ne.jp");

        Assert.Equal(SubmissionState.Done, row.State);
        Assert.Equal($"\"{local}..x.\"@docomo.ne.jp", mail.To.Mailboxes.Single().GetAddress(idnEncode: true));
    }

    [Fact]
    public async Task Senders_replies_and_settings_take_either_form_of_a_domain()
    {
        var added = await Run("site", "add", "Bücher", "--from", " news@xn--bcher-kva.example ", "--language", "de_DE");
        var id = added.Json.GetProperty("site").GetString()!;
        var changed = await Run("site", "set", id, "--from", "news@bücher.example", "--language", "FR");
        var list = await Run("list", "add", id, "Newsletter", "--from", "\"list\"@xn--bcher-kva.example");
        var refused = await Run("site", "set", id, "--from", "Shop <news@shop.example>");

        Assert.Equal(
            ("news@bücher.example", "fr"),
            (changed.Json.GetProperty("from").GetString(), changed.Json.GetProperty("language").GetString())
        );
        Assert.Equal(0, list.Code);
        Assert.Contains("without a name", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_may_be_answered_to_a_domain_with_an_umlaut()
    {
        var site = await gateway.NewSiteAsync();

        var accepted = await site.MailAsync(
            $"{local}@xn--bcher-kva.example",
            change: body => body["replyTo"] = "mailto:help@bücher.example"
        );
        var refused = await site.MailAsync($"Ann <{local}@bücher.example>");

        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        Assert.Contains("without a name", (string?)refused.Json["errors"]!["to"]![0], StringComparison.Ordinal);
        await site.MessageAsync(row => row.State == MessageState.Sent);
    }

    private Task<CommandResult> Run(params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", [.. arguments, "--json"]);

    private async Task<string> CodeAsync(SiteUnderTest site)
    {
        await site.MessageAsync(row => row.State == MessageState.Sent);
        var mails = await gateway.InDatabaseAsync(db => db.MailboxMessages.AsNoTracking().ToListAsync());
        return mails
            .Select(row => MimeKit.MimeMessage.Load(new MemoryStream(row.Mime)))
            .Where(mail => mail.To.Mailboxes.Single().Address.StartsWith(local, StringComparison.Ordinal))
            .Select(mail => System.Text.RegularExpressions.Regex.Match(mail.TextBody!, @"\b\d{8}\b").Value)
            .First();
    }
}
