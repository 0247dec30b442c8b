using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Console.SignIn.AdminOidcOptions))]

namespace Gateway.Console.SignIn;

/// <summary>The OpenID Connect issuer at which people sign in to the admin pages, section <c>Gateway:Admin:Oidc</c>.</summary>
internal sealed class AdminOidcOptions
{
    public const string Section = "Gateway:Admin:Oidc";

    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>What is asked for, separated by spaces.</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>The claim of the ID token that decides: a text or a list of texts, such as groups or an email address.</summary>
    public string GroupsClaim { get; set; } = "groups";

    /// <summary>Values of the claim that make an operator, separated by commas.</summary>
    public string? Operators { get; set; }

    /// <summary>Values of the claim that open sites: <c>shop-team=site_…,site_…; blog-team=site_…</c>.</summary>
    public string? SiteManagers { get; set; }

    public bool IsConfigured => !string.IsNullOrEmpty(Authority);

    /// <returns>What these values of the claim open together; null when nothing.</returns>
    public AdminRoles? AccessOf(IReadOnlyCollection<string> groups)
    {
        if (Split(Operators, ',').Any(groups.Contains))
        {
            return AdminRoles.Operator;
        }

        var sites = Managers()
            .Where(one => groups.Contains(one.Group))
            .SelectMany(one => one.Sites)
            .Select(site => PublicId.Parse(PublicId.Site, site))
            .OfType<Guid>()
            .ToList();
        return sites.Count > 0 ? AdminRoles.To(sites) : null;
    }

    public override string ToString() => $"OpenID Connect at {Authority}";

    private IEnumerable<(string Group, string[] Sites)> Managers() =>
        Split(SiteManagers, ';')
            .Select(entry =>
                entry.LastIndexOf('=') is > 0 and var at ? (entry[..at].Trim(), Split(entry[(at + 1)..], ',')) : (entry, [])
            );

    private static string[] Split(string? text, char separator) =>
        text?.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<AdminOidcOptions>
    {
        public ValidateOptionsResult Validate(string? name, AdminOidcOptions options) =>
            options.IsConfigured && Errors(options).ToList() is { Count: > 0 } errors
                ? ValidateOptionsResult.Fail(errors)
                : ValidateOptionsResult.Success;

        private IEnumerable<string> Errors(AdminOidcOptions options)
        {
            if (
                !Uri.TryCreate(options.Authority, UriKind.Absolute, out var url)
                || (url.Scheme != "https" && !(url is { Scheme: "http", IsLoopback: true } && environment.IsDevelopment()))
            )
            {
                yield return "Gateway__Admin__Oidc__Authority must be an https address.";
            }

            if (string.IsNullOrEmpty(options.ClientId) || string.IsNullOrEmpty(options.ClientSecret))
            {
                yield return "Gateway__Admin__Oidc__ClientId and __ClientSecret must be set when __Authority is.";
            }

            if (!Split(options.Scopes, ' ').Contains("openid"))
            {
                yield return "Gateway__Admin__Oidc__Scopes must hold openid.";
            }

            if (Split(options.Operators, ',').Length == 0 && Split(options.SiteManagers, ';').Length == 0)
            {
                yield return "Gateway__Admin__Oidc__Operators or __SiteManagers must name a group, or nobody could sign in.";
            }

            foreach (var (group, sites) in options.Managers())
            {
                if (sites.Length == 0 || sites.Any(site => PublicId.Parse(PublicId.Site, site) is null))
                {
                    yield return $"Gateway__Admin__Oidc__SiteManagers: \"{group}\" must be followed by = and the ids of sites, such as "
                        + "shop-team=site_….";
                }
            }
        }
    }
}
