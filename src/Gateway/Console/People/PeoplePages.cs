using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.People;

/// <summary>/admin/people — who may sign in, and who is: invited, removed, signed out.</summary>
internal static class PeoplePages
{
    private const string ByMail = "mail";

    public static void Map(RouteGroupBuilder signedIn)
    {
        var people = signedIn.MapGroup("/people");
        people.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminPeoplePage").WithSummary("Show who may sign in").ForOperators();
        people
            .MapPost("", InviteAsync)
            .WithName("AdminInvite")
            .WithSummary("Invite somebody, or give them another role")
            .ForOperators()
            .NeedsRecentSignIn();
        people
            .MapPost("/{person}/remove", RemoveAsync)
            .WithName("AdminRemovePerson")
            .WithSummary("Remove somebody")
            .ForOperators()
            .NeedsRecentSignIn();
        people
            .MapPost("/{person}/passkeys/remove", RemovePasskeysAsync)
            .WithName("AdminRemovePasskeys")
            .WithSummary("Remove all passkeys of somebody")
            .ForOperators()
            .NeedsRecentSignIn();
        people
            .MapPost("/sessions/{session}/end", EndAsync)
            .WithName("AdminEndSession")
            .WithSummary("End somebody's session")
            .ForOperators();
    }

    private static Task<IResult> LookAsync(AdminPageContext context, ShowPeople show, CancellationToken ct) =>
        show.ShowAsync(context, Invited.Empty, link: null, error: null, ct);

    private static async Task<IResult> InviteAsync(
        PageForm form,
        AdminPageContext context,
        AdminPeople people,
        ShowPeople show,
        CancellationToken ct
    )
    {
        var asked = new Invited(form["email"] ?? "", form["role"] ?? Invited.Empty.Role, [.. form.All("site")]);
        var byMail = form[PageForm.Button] == ByMail;
        if (AccessOf(asked, context.Sites) is not { } access)
        {
            return await show.ShowAsync(context, asked, link: null, T("Choose a role of the menu."), ct);
        }

        var invited = await people.InviteAsync(asked.Email, access, byMail, context.User.Actor, ct);
        return invited.IsRefused(out var why, out var link) ? await show.ShowAsync(context, asked, link: null, why.Message, ct)
            : byMail ? AdminPageContext.Go("/admin/people", AdminNotices.Invited)
            : await show.ShowAsync(context, Invited.Empty, link, error: null, ct);
    }

    private static async Task<IResult> RemoveAsync(string person, AdminPageContext context, AdminPeople people, CancellationToken ct) =>
        await people.RemoveAsync(PublicId.Parse(PublicId.AdminPerson, person), context.User.Actor, ct)
            ? AdminPageContext.Go("/admin/people", AdminNotices.PersonRemoved)
            : AdminAnswers.NotFound();

    private static async Task<IResult> RemovePasskeysAsync(
        string person,
        AdminPageContext context,
        AdminPasskeys passkeys,
        CancellationToken ct
    ) =>
        await passkeys.RemoveAllAsync(PublicId.Parse(PublicId.AdminPerson, person), context.User.Actor, ct)
            ? AdminPageContext.Go("/admin/people", AdminNotices.PasskeysRemoved)
            : AdminAnswers.NotFound();

    private static async Task<IResult> EndAsync(string session, AdminPageContext context, AdminSessions sessions, CancellationToken ct) =>
        PublicId.Parse(PublicId.AdminSession, session) is not null && await sessions.RevokeAsync(session, context.User.Actor, ct) > 0
            ? AdminPageContext.Go("/admin/people", AdminNotices.SessionEnded)
            : AdminAnswers.NotFound();

    /// <returns>Null for a role that there is not.</returns>
    private static AdminRoles? AccessOf(Invited asked, IReadOnlyList<Site> sites) =>
        asked.Role == "operator" ? AdminRoles.Operator
        : AdminRoles.Named.ContainsKey(asked.Role)
            ? AdminRoles.To(
                asked.Role,
                sites.Select(site => site.Id).Where(id => asked.Sites.Contains(PublicId.Format(PublicId.Site, id)))
            )
        : null;
}

/// <summary>Shows who may sign in, and who is signed in.</summary>
internal sealed class ShowPeople(AdminPeople people, AdminPasskeys passkeys, AdminSessions sessions)
{
    /// <param name="link">To be handed over, shown this once.</param>
    public async Task<IResult> ShowAsync(AdminPageContext context, Invited asked, string? link, string? error, CancellationToken ct)
    {
        var passkeyed = await passkeys.CountsAsync(ct);
        var names = context.Sites.ToDictionary(site => site.Id, site => site.Name);
        var page = context.Show<PeoplePage>(
            (
                nameof(PeoplePage.Rows),
                (await people.ListAsync(ct)).ConvertAll(person => new PersonRow(
                    PublicId.Format(PublicId.AdminPerson, person.Id),
                    person.Address,
                    person.Access.Role,
                    [.. (person.Access.Sites ?? []).Select(site => names.GetValueOrDefault(site, T("a site that is gone")))],
                    person.InvitedAt,
                    passkeyed.GetValueOrDefault(person.Id),
                    person.Id == context.User.PersonId
                ))
            ),
            (nameof(PeoplePage.Sessions), (await sessions.ListAsync(ct)).ConvertAll(one => RowOf(one, context))),
            (nameof(PeoplePage.Asked), asked),
            (nameof(PeoplePage.Link), link),
            (nameof(PeoplePage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    public static SessionRow RowOf(AdminSession session, AdminPageContext context) =>
        new(
            PublicId.Format(PublicId.AdminSession, session.Id),
            session.Name,
            session.Access.Role,
            session.Means == AdminSessions.AtIssuer ? "organisation" : session.Means,
            session.StartedAt,
            session.EndsAt,
            session.Id == context.User.Session
        );
}
