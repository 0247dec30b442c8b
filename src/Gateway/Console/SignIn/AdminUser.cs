using System.Security.Claims;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.SignIn;

/// <summary>Who is signed in, as the session's row says at this request.</summary>
internal sealed record AdminUser(Guid Session, string Name, AdminRoles Access)
{
    private const string AccessClaim = "access";

    /// <summary>How the audit names them.</summary>
    public string Actor => AdminSessions.Actor(Name);

    public static AdminUser? Of(ClaimsPrincipal principal) =>
        SessionOf(principal) is { } session
        && principal.FindFirstValue(ClaimTypes.Name) is { } name
        && principal.FindFirstValue(AccessClaim) is { } access
            ? new(session, name, AdminRoles.FromText(access))
            : null;

    public static Guid? SessionOf(ClaimsPrincipal principal) =>
        PublicId.Parse(PublicId.AdminSession, principal.FindFirstValue(ClaimTypes.NameIdentifier));

    /// <summary>Antiforgery tokens hang on the name identifier, so they end with the session.</summary>
    public static ClaimsPrincipal Principal(AdminSession session) =>
        new(
            new ClaimsIdentity(
                [
                    new(ClaimTypes.NameIdentifier, PublicId.Format(PublicId.AdminSession, session.Id)),
                    new(ClaimTypes.Name, session.Name),
                    new(AccessClaim, session.Access.ToText()),
                    new(CallerClaims.Caller, PublicId.Format(PublicId.AdminSession, session.Id)),
                ],
                AdminAuthentication.Scheme
            )
        );
}
