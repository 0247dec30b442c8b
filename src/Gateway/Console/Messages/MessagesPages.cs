using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Console.Story;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Mvc;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Messages;

/// <summary>/admin/sites/{site}/messages — the emails of a site, and what became of each.</summary>
internal static class MessagesPages
{
    private const int PageSize = 50;

    private static FilterChoice[] States =>
        [
            new("", T("All")),
            new("queued", T("Waiting")),
            new("sent", T("Handed over")),
            new("delivered", T("Delivered")),
            new("bounced", T("Came back")),
            new("failed", T("Failed")),
            new("unknown", T("Perhaps sent")),
            new("cancelled", T("Not sent")),
        ];

    private static FilterChoice[] Kinds =>
        [
            new("", T("All")),
            new("confirmation", T("Confirmation emails")),
            new("list", T("To members of lists")),
            new("transactional", T("Transactional")),
        ];

    public static void MapSite(RouteGroupBuilder site)
    {
        var messages = site.MapGroup("/messages");
        messages.MapMethods("", AdminPages.Look, ListAsync).WithName("AdminMessagesPage").WithSummary("Show a site's emails");
        messages
            .MapPost("", FindAsync)
            .WithName("AdminFindMessage")
            .WithSummary("Find the emails to an address, or one by its id")
            .Needs(SiteRights.See);
        messages
            .MapMethods("/{message}", AdminPages.Look, LookAsync)
            .WithName("AdminMessagePage")
            .WithSummary("Show what became of an email");
        messages
            .MapPost("/{message}/cancel", CancelAsync)
            .WithName("AdminCancelMessage")
            .WithSummary("Take back an email that nobody has begun to send");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] MessageQuery asked,
        AdminPageContext context,
        MessageStore messages,
        TemplateStore templates,
        ShowMessages show,
        CancellationToken ct
    )
    {
        var own = (await templates.OfSiteAsync(context.SiteId, ct)).Where(template => template.Kind != TemplateKind.Sms);
        List<ListFilter> filters =
        [
            new("state", T("State"), asked.State, States),
            new("kind", T("Kind"), asked.Kind, Kinds),
            new("template", T("Template"), asked.Template, [new("", T("All")), .. TemplateChoices(own, asked.Template)]),
        ];
        var after = PublicId.Parse(PublicId.Message, asked.After);
        if (!filters.TrueForAll(filter => filter.IsKnown) || (asked.After is not null && after is null))
        {
            return await show.ShowAsync(context, [], filters, next: null, false, typed: null, ListFilter.Unknown, ct);
        }

        var filter = new MessageFilter(
            Enum.TryParse<MessageState>(asked.State, ignoreCase: true, out var state) ? state : null,
            Enum.TryParse<MessageKind>(asked.Kind, ignoreCase: true, out var kind) ? kind : null,
            asked.Template is { Length: > 0 } template ? template : null
        );
        var rows = await messages.PageAsync(context.SiteId, filter, after, PageSize + 1, ct);
        var page = Page<Message>.Of(rows, PageSize, row => PublicId.Format(PublicId.Message, row.Id));
        return await show.ShowAsync(context, page.Items, filters, page.Next, after is not null, typed: null, error: null, ct);
    }

    /// <summary>Those of the site, and the built-in ones.</summary>
    private static IEnumerable<FilterChoice> TemplateChoices(IEnumerable<Template> own, string? asked) =>
        own.Select(template => new FilterChoice(template.Key, template.Name))
            .Concat(BuiltIn.Select(key => new FilterChoice(key, T($"{key} (built in)"))))
            .Concat(asked is { Length: > 0 and <= 100 } && !asked.Contains('\0') ? [new FilterChoice(asked, asked)] : [])
            .DistinctBy(choice => choice.Value);

    private static readonly string[] BuiltIn = ["confirmation", "welcome", "repermission", "plain"];

    private static async Task<IResult> FindAsync(
        PageForm form,
        AdminPageContext context,
        MessageStore messages,
        ContactStore contacts,
        ShowMessages show,
        CancellationToken ct
    )
    {
        var typed = form["search"] ?? "";
        if (PublicId.Parse(PublicId.Message, typed) is { } id)
        {
            return await messages.FindAsync(context.SiteId, id, ct) is { IsInEarnest: true }
                ? AdminPageContext.Go($"{context.SiteUrl}/messages/{typed}")
                : await show.ShowAsync(context, [], [], null, false, typed, T("This site has no email with this id."), ct);
        }

        if (EmailAddress.Parse(typed) is not { } address)
        {
            return await show.ShowAsync(context, [], [], null, false, typed, AddressRules.Error("This", typed), ct);
        }

        var found = await messages.ToAsync(context.SiteId, address.Key, PageSize, ct);
        if (await contacts.FindAsync(context.SiteId, address, ct) is { } contact)
        {
            found.AddRange(await messages.OfContactAsync(contact.Id, PageSize, ct));
        }

        var newest = found.DistinctBy(mail => mail.Id).OrderByDescending(mail => mail.Id).Take(PageSize).ToList();
        return await show.ShowAsync(context, newest, [], null, false, address.Text, error: null, ct);
    }

    private static async Task<IResult> LookAsync(
        string message,
        AdminPageContext context,
        ReadMessageStory story,
        CancellationToken ct
    ) =>
        await story.FindAsync(context, message, ct) is { } model
            ? context.Show<MessagePage>((nameof(MessagePage.Message), model))
            : AdminAnswers.NotFound();

    private static async Task<IResult> CancelAsync(
        string message,
        AdminPageContext context,
        ReadMessageStory story,
        WithdrawMessage withdraw,
        AuditLog audit,
        CancellationToken ct
    )
    {
        if (await story.FindAsync(context, message, ct) is not { } model)
        {
            return AdminAnswers.NotFound();
        }

        var id = PublicId.Parse(PublicId.Message, message)!.Value;
        var isBack = await audit.RecordAsync(
            () => withdraw.WithdrawAsync(context.SiteId, id, ct),
            done => done ? new(context.SiteId, context.User.Actor, "message.cancelled", message) : null,
            ct
        );
        if (isBack)
        {
            return AdminPageContext.Go($"{context.SiteUrl}/messages/{message}", AdminNotices.MessageCancelled);
        }

        var page = context.Show<MessagePage>(
            (nameof(MessagePage.Message), model),
            (nameof(MessagePage.Error), T("It was sent already, or is being sent. Nothing was changed."))
        );
        page.StatusCode = StatusCodes.Status409Conflict;
        return page;
    }
}

/// <summary>Shows emails in a list, with whom each is for.</summary>
internal sealed class ShowMessages(ContactStore contacts, TimeProvider clock)
{
    /// <param name="typed">What was looked for; null when nothing was.</param>
    public async Task<IResult> ShowAsync(
        AdminPageContext context,
        IReadOnlyList<Message> rows,
        IReadOnlyList<ListFilter> filters,
        string? next,
        bool isLater,
        string? typed,
        string? error,
        CancellationToken ct
    )
    {
        var people = await contacts.GetManyAsync([.. rows.Select(row => row.ContactId).OfType<Guid>().Distinct()], ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var page = context.Show<MessagesPage>(
            (
                nameof(MessagesPage.Rows),
                rows.Select(row =>
                        MessageRow.Of(
                            row,
                            row.ContactId is { } id ? people.GetValueOrDefault(id)?.Address : null,
                            $"{context.SiteUrl}/messages",
                            now
                        )
                    )
                    .ToList()
            ),
            (nameof(MessagesPage.Filters), filters),
            (nameof(MessagesPage.Next), next),
            (nameof(MessagesPage.IsLater), isLater),
            (nameof(MessagesPage.Typed), typed),
            (nameof(MessagesPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }
}

/// <summary>What the address says of the list.</summary>
internal sealed record MessageQuery
{
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    [FromQuery(Name = "template")]
    public string? Template { get; init; }

    [FromQuery(Name = "after")]
    public string? After { get; init; }
}
