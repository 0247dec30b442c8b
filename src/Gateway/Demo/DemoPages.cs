using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using MimeKit;

namespace Gateway.Demo;

/// <summary>The pages of a first run.</summary>
internal static class DemoPages
{
    public static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("/", RazorComponentResult () => new RazorComponentResult<DemoFormPage>());
        group.MapPost("/", SubmitAsync).DisableAntiforgery();
        group.MapGet("/mailbox", MailboxAsync);
        group.MapGet("/list", ListAsync);
        group.MapGet("/consents/{contact}", ConsentsAsync);
    }

    private static async Task<RazorComponentResult> SubmitAsync(
        PageForm form,
        DemoVisitor visitor,
        HttpContext http,
        CancellationToken ct
    )
    {
        var subscribe = form["subscribe"] == "yes";

        // The listener's own address: the request came in on it. The header Host says what the caller likes.
        var self = new UriBuilder(http.Request.Scheme, "localhost", http.Connection.LocalPort).Uri;
        var problem = await visitor.SubmitAsync(
            self,
            form["name"] ?? "",
            form["email"] ?? "",
            subscribe,
            Languages.Pick(form["language"], "en"),
            new Uri(self, "/demo"),
            http,
            ct
        );
        return new RazorComponentResult<DemoFormPage>(
            new Dictionary<string, object?>
            {
                [nameof(DemoFormPage.Sent)] = problem is null,
                [nameof(DemoFormPage.Subscribed)] = subscribe,
                [nameof(DemoFormPage.Problem)] = problem,
            }
        );
    }

    private static async Task<RazorComponentResult> MailboxAsync(MessageStore messages, SmsStore sms, CancellationToken ct)
    {
        var rows = await messages.MailboxAsync(20, ct);
        var mails = new List<DemoMail>();
        foreach (var row in rows)
        {
            using var mime = await MimeMessage.LoadAsync(new MemoryStream(row.Mime), ct);
            mails.Add(
                new(
                    row.ReceivedAt,
                    mime.To.ToString(),
                    mime.From.ToString(),
                    mime.Subject ?? "",
                    mime.HtmlBody ?? "",
                    mime.TextBody ?? ""
                )
            );
        }

        var texts = await sms.NewestAsync(SmsRoute.Sandbox, 20, ct);
        return new RazorComponentResult<DemoMailboxPage>(
            new Dictionary<string, object?>
            {
                [nameof(DemoMailboxPage.Mails)] = mails,
                [nameof(DemoMailboxPage.Texts)] = texts.ConvertAll(row => new DemoText(
                    row.CreatedAt,
                    row.Recipient,
                    row.Text,
                    CaseConverter.Lower(row.State.ToString()),
                    row.Parts == 1 ? "1 part" : $"{row.Parts} parts"
                )),
            }
        );
    }

    private static async Task<RazorComponentResult> ListAsync(SubscriptionStore subscriptions, CancellationToken ct)
    {
        var members = await subscriptions.OfListAsync(DemoSite.ListId, 100, ct);
        return new RazorComponentResult<DemoListPage>(
            new Dictionary<string, object?>
            {
                [nameof(DemoListPage.Members)] = members
                    .Select(one => new DemoMember(
                        one.Contact.Address,
                        one.Contact.Name,
                        CaseConverter.Lower(one.Subscription.State.ToString()),
                        one.Subscription.ConfirmedAt,
                        one.Subscription.ConfirmedAt is null
                            ? null
                            : $"/demo/consents/{PublicId.Format(PublicId.Contact, one.Contact.Id)}"
                    ))
                    .ToList(),
            }
        );
    }

    private static async Task<IResult> ConsentsAsync(string contact, ReadConsents read, CancellationToken ct) =>
        PublicId.Parse(PublicId.Contact, contact) is { } id && await read.FindAsync(DemoSite.SiteId, id, ct) is { } certificate
            ? ConsentCertificatePage.Show(certificate)
            : TypedResults.NotFound();
}

/// <summary>A mail that was caught. Public because Razor components are.</summary>
public sealed record DemoMail(DateTime ReceivedAt, string To, string From, string Subject, string Html, string Text);

/// <summary>An SMS that the sandbox caught.</summary>
public sealed record DemoText(DateTime At, string To, string Text, string Status, string Parts);

/// <summary>A person of the demo list.</summary>
public sealed record DemoMember(string Address, string? Name, string State, DateTime? ConfirmedAt, string? ConsentsUrl);
