using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Console.People;

/// <summary>/admin/sessions — where one is signed in oneself, and one's own passkeys.</summary>
internal static class SessionsPages
{
    public const string Path = "/admin/sessions";
    public const string PasskeysPath = Path + "/passkeys";

    public static void Map(RouteGroupBuilder signedIn)
    {
        var sessions = signedIn.MapGroup("/sessions");
        sessions.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminSessionsPage").WithSummary("Show where one is signed in");
        sessions
            .MapPost("/elsewhere", SignOutElsewhereAsync)
            .WithName("AdminSignOutElsewhere")
            .WithSummary("Sign out everywhere else")
            .ForEverybodySignedIn();
        sessions
            .MapPost("/passkeys" + PasskeyForms.Options, AskPasskeyAsync)
            .WithName("AdminNewPasskeyOptions")
            .WithSummary("Say what a new passkey is asked to sign")
            .ForEverybodySignedIn()
            .NeedsRecentSignIn();
        sessions
            .MapPost("/passkeys", AddPasskeyAsync)
            .WithName("AdminNewPasskey")
            .WithSummary("Add a passkey")
            .ForEverybodySignedIn()
            .NeedsRecentSignIn();
        sessions
            .MapPost("/passkeys/{passkey}/remove", RemovePasskeyAsync)
            .WithName("AdminRemovePasskey")
            .WithSummary("Remove a passkey of one's own")
            .ForEverybodySignedIn()
            .NeedsRecentSignIn();
    }

    private static Task<RazorComponentResult> LookAsync(AdminPageContext context, ShowSessions show, CancellationToken ct) =>
        show.ShowAsync(context, typed: null, why: null, ct);

    private static async Task<IResult> SignOutElsewhereAsync(AdminPageContext context, AdminSessions sessions, CancellationToken ct)
    {
        await sessions.SignOutElsewhereAsync(context.User, ct);
        return AdminPageContext.Go(Path, AdminNotices.SessionEnded);
    }

    private static async Task<IResult> AskPasskeyAsync(
        AdminPageContext context,
        AdminPasskeys passkeys,
        ShowSessions show,
        CancellationToken ct
    ) =>
        (await passkeys.OptionsToAddAsync(context.User, ct)).IsRefused(out var why, out var asked)
            ? await show.ShowAsync(context, typed: null, why, ct)
            : TypedResults.Text(asked, "application/json");

    private static async Task<IResult> AddPasskeyAsync(
        PageForm form,
        AdminPageContext context,
        AdminPasskeys passkeys,
        ShowSessions show,
        CancellationToken ct
    ) =>
        (await passkeys.AddAsync(context.User, form["name"], form[PasskeyForms.Answer], ct)).IsRefused(out var why, out _)
            ? await show.ShowAsync(context, form["name"], why, ct)
            : AdminPageContext.Go(Path, AdminNotices.PasskeyAdded);

    private static async Task<IResult> RemovePasskeyAsync(
        string passkey,
        AdminPageContext context,
        AdminPasskeys passkeys,
        CancellationToken ct
    ) =>
        await passkeys.RemoveAsync(context.User, PublicId.Parse(PublicId.Passkey, passkey), ct)
            ? AdminPageContext.Go(Path, AdminNotices.PasskeyRemoved)
            : AdminAnswers.NotFound();
}

/// <summary>Shows where somebody is signed in, and their passkeys.</summary>
internal sealed class ShowSessions(AdminSessions sessions, AdminPasskeys passkeys, IOptions<GatewayOptions> options)
{
    /// <param name="typed">The name that was refused.</param>
    public async Task<RazorComponentResult> ShowAsync(AdminPageContext context, string? typed, Refusal? why, CancellationToken ct)
    {
        var mine = context.User.PersonId is { } person ? await passkeys.ListAsync(person, ct) : [];
        var page = context.Show<SessionsPage>(
            (nameof(SessionsPage.Rows), (await sessions.ListAsync(context.User, ct)).ConvertAll(one => ShowPeople.RowOf(one, context))),
            (nameof(SessionsPage.Owner), OwnerOf(context.User)),
            (nameof(SessionsPage.Passkeys), mine.ConvertAll(PasskeyRow.Of)),
            (nameof(SessionsPage.Typed), typed),
            (nameof(SessionsPage.Error), why?.Message)
        );
        page.StatusCode = AdminPages.StatusOf(why);
        return page;
    }

    private PasskeyOwner OwnerOf(AdminUser user) =>
        !AdminPasskeys.ArePossible(options.Value) ? PasskeyOwner.Impossible
        : user.PersonId is not null ? PasskeyOwner.Person
        : user.Subject is not null ? PasskeyOwner.Issuer
        : user.Access.IsOperator ? PasskeyOwner.Operator
        : PasskeyOwner.Nobody;
}
