using Gateway.Console.Layout;

namespace Gateway.Console.SignIn;

/// <summary>
/// What an endpoint of the admin pages asks of whoever calls it. One that says nothing is for those who see the site when it only looks,
/// and
/// for those who manage it when it changes something; outside of a site, for everybody and for operators.
/// </summary>
/// <param name="AnyOf">Any of these opens it.</param>
/// <param name="Everybody">Whoever is signed in, also with no right at all.</param>
internal sealed record NeededRight(SiteRights AnyOf, bool Everybody = false)
{
    /// <summary>What it is at a request for a page of a site.</summary>
    public static SiteRights AtSite(HttpContext http) => Of(http)?.AnyOf ?? (IsLook(http) ? SiteRights.See : SiteRights.Manage);

    /// <summary>Whether a request for a page of no site may be answered.</summary>
    public static bool Opens(HttpContext http, AdminRoles access) =>
        Of(http) is { } needed ? needed.Everybody || access.MaySomewhere(needed.AnyOf) : IsLook(http) || access.IsOperator;

    private static NeededRight? Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<NeededRight>();

    private static bool IsLook(HttpContext http) => AdminPages.Look.Contains(http.Request.Method);
}

/// <summary>How routes say what they need.</summary>
internal static class NeededRights
{
    /// <summary>For those who have one of these rights at the site; outside of a site, at any.</summary>
    public static T Needs<T>(this T routes, SiteRights anyOf)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new NeededRight(anyOf));

    /// <summary>For operators alone.</summary>
    public static T ForOperators<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new NeededRight(SiteRights.None));

    /// <summary>For whoever is signed in, also where it changes something.</summary>
    public static T ForEverybodySignedIn<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new NeededRight(SiteRights.None, Everybody: true));
}
