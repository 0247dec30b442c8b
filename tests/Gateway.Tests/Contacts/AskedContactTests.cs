using System.Net;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>POST /v1/contacts with double opt-in: asked first, and nothing changes before the answer.</summary>
[Trait("Database", "both")]
public sealed class AskedContactTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string email = $"{Guid.CreateVersion7():N}@contacts.example";

    [Fact]
    public async Task Somebody_new_is_asked_and_what_was_told_waits_for_the_answer()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.AddContactAsync(email);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.StartsWith("con_", answer.Id);
        Assert.Equal(email, (string?)answer.Json["email"]);
        Assert.Null(answer.Json["name"]);
        Assert.Empty(answer.Json["properties"]!.AsObject());
        Assert.Equal("pending", answer.Status());
        Assert.Null(answer.Json["subscriptions"]![0]!["confirmedAt"]);
        Assert.Null(answer.Json["suppressed"]);
        var mail = await gateway.MailToAsync(email);
        Assert.StartsWith("Veuillez confirmer", mail.Subject);
        Assert.DoesNotContain("Ada", mail.TextBody + mail.HtmlBody, StringComparison.Ordinal);
        Assert.Empty(await site.LedgerAsync());
    }

    [Fact]
    public async Task The_answer_brings_name_properties_and_the_record_of_the_consent()
    {
        var site = await gateway.NewSiteAsync();
        var asked = await site.AddContactAsync(email);

        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(email)).Confirm);
        var contact = await site.ReadContactAsync(asked.Id);

        Assert.Equal("confirmed", contact.Status());
        Assert.NotNull(contact.Json["subscriptions"]![0]!["confirmedAt"]);
        Assert.Equal(site.ListId, (string?)contact.Json["subscriptions"]![0]!["list"]!["id"]);
        Assert.Equal(("Ada Lovelace", "Turin"), ((string?)contact.Json["name"], (string?)contact.Json["properties"]!["city"]));
        var evidence = await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{asked.Id}/consents");
        var facts = evidence.Json["entries"]![0]!["facts"]!;
        Assert.Equal(("api: Spring fair", "Yes, send me the newsletter."), ((string?)facts["source"], (string?)facts["consentText"]));
        Assert.Equal("2026-03-01T09:00:00.000Z", (string?)facts["submittedAt"]);
    }

    [Fact]
    public async Task Somebody_known_keeps_name_and_properties_until_they_answer()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(email);

        var answer = await site.AddContactAsync(
            email,
            change: body => (body["name"], body["properties"]!["city"]) = ("Eve", "Elsewhere")
        );

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(("Ada Lovelace", "Turin"), ((string?)answer.Json["name"], (string?)answer.Json["properties"]!["city"]));
        Assert.Equal("confirmed", answer.Status());
    }

    [Fact]
    public async Task Without_consent_and_with_the_least_it_can_have_it_is_accepted()
    {
        var site = await gateway.NewSiteAsync(one => one.Language = "de");

        var answer = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/contacts",
            new System.Text.Json.Nodes.JsonObject
            {
                ["email"] = email,
                ["list"] = site.ListId,
                ["language"] = "xx",
            },
            "contacts"
        );

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal("de", (string?)answer.Json["language"]);
        Assert.StartsWith("Bitte bestätigen", (await gateway.MailToAsync(email)).Subject);
    }

    [Fact]
    public async Task The_same_again_is_accepted_and_sends_no_second_mail_at_once()
    {
        var site = await gateway.NewSiteAsync();
        var first = await site.AddContactAsync(email);

        var again = await site.AddContactAsync(email.ToUpperInvariant());

        Assert.Equal((HttpStatusCode.Accepted, first.Id), (again.Status, again.Id));
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
    }

    [Theory]
    [InlineData(SuppressionReason.Bounced)]
    [InlineData(SuppressionReason.Complained)]
    public async Task Nobody_is_asked_at_an_address_that_must_not_be_written_to(object reason)
    {
        var site = await gateway.NewSiteAsync();
        await site.SuppressAsync(email, (SuppressionReason)reason);

        var answer = await site.AddContactAsync(email);

        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (answer.Status, answer.Code));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    public async Task Somebody_who_left_may_be_asked_and_comes_back_only_by_their_own_answer()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(email)).Id;
        await site.UnsubscribeAsync(id);

        var asked = await site.AddContactAsync(email);

        Assert.Equal((HttpStatusCode.Accepted, "unsubscribed"), (asked.Status, (string?)asked.Json["suppressed"]));
        Assert.Equal("pending", asked.Status());
        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(email)).Confirm);
        var back = await site.ReadContactAsync(id);
        Assert.Equal("confirmed", back.Status());
        Assert.Null(back.Json["suppressed"]);
    }
}
