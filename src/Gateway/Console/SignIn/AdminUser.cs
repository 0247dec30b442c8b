using System.Globalization;
using System.Security.Claims;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.SignIn;

/// <summary>Who is signed in, and what they may do, as it is stored at this request.</summary>
/// <param name="PersonId">Somebody who was invited; null for others.</param>
/// <param name="Subject"><see cref="AdminSession.Subject"/>.</param>
/// <param name="ProvedAt">
/// When they last proved in this browser who they are, by a link, a passkey or at their issuer; null where nobody knows. It stands in the
/// cookie, and not in the session's row: a copy of the cookie that was made before does not become as good as the new one.
/// </param>
internal sealed record AdminUser(
    Guid Session,
    string Name,
    AdminRoles Access,
    Guid? PersonId,
    string? Subject,
    DateTimeOffset? ProvedAt = null
)
{
    private const string ProvedClaim = "proved";
    private const string AccessClaim = "access";
    private const string PersonClaim = "person";
    private const string SubjectClaim = "subject";

    /// <summary>How the audit names them.</summary>
    public string Actor => ActorOf(Name, Subject);

    public static AdminUser? Of(ClaimsPrincipal principal) =>
        SessionOf(principal) is { } session
        && principal.FindFirstValue(ClaimTypes.Name) is { } name
        && principal.FindFirstValue(AccessClaim) is { } access
            ? new(
                session,
                name,
                AdminRoles.FromText(access),
                PublicId.Parse(PublicId.AdminPerson, principal.FindFirstValue(PersonClaim)),
                principal.FindFirstValue(SubjectClaim),
                ProvedAtOf(principal)
            )
            : null;

    /// <returns><see cref="ProvedAt"/>.</returns>
    public static DateTimeOffset? ProvedAtOf(ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(ProvedClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    public static Guid? SessionOf(ClaimsPrincipal principal) =>
        PublicId.Parse(PublicId.AdminSession, principal.FindFirstValue(ClaimTypes.NameIdentifier));

    /// <summary>How the audit names somebody. A name at an issuer is only what it shows, so what it calls them for good stands beside
    /// it.</summary>
    public static string ActorOf(string name, string? subject) => AdminSessions.Actor(subject is null ? name : $"{name} ({subject})");

    /// <summary>Antiforgery tokens hang on the name identifier, so they end with the session.</summary>
    /// <param name="provedAt"><see cref="ProvedAt"/>.</param>
    public static ClaimsPrincipal Principal(AdminSession session, DateTimeOffset? provedAt = null)
    {
        var claims = new List<Claim>
        {
            new(ClaimTypes.NameIdentifier, PublicId.Format(PublicId.AdminSession, session.Id)),
            new(ClaimTypes.Name, session.Name),
            new(AccessClaim, session.Access.ToText()),
            new(CallerClaims.Caller, PublicId.Format(PublicId.AdminSession, session.Id)),
        };
        if (session.PersonId is { } person)
        {
            claims.Add(new(PersonClaim, PublicId.Format(PublicId.AdminPerson, person)));
        }

        if (session.Subject is { } subject)
        {
            claims.Add(new(SubjectClaim, subject));
        }

        if (provedAt is { } at)
        {
            claims.Add(new(ProvedClaim, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        }

        return new(new ClaimsIdentity(claims, AdminAuthentication.Scheme));
    }
}
