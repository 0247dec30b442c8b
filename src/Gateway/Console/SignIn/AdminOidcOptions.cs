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

    /// <summary>Likewise: values that open sites for looking, and nothing else.</summary>
    public string? Viewers { get; set; }

    /// <summary>Likewise: values of those who find, prove and erase people of a site.</summary>
    public string? PrivacyOfficers { get; set; }

    public bool IsConfigured => !string.IsNullOrEmpty(Authority);

    /// <returns>What these values of the claim open together; null when nothing.</returns>
    public AdminRoles? AccessOf(IReadOnlyCollection<string> groups)
    {
        if (Split(Operators, ',').Any(groups.Contains))
        {
            return AdminRoles.Operator;
        }

        var sites = (
            from one in Entries()
            where groups.Contains(one.Group)
            from site in one.Sites
            let id = PublicId.Parse(PublicId.Site, site)
            where id is not null
            select KeyValuePair.Create(id.Value, AdminRoles.Named[one.Role])
        ).ToList();
        return sites.Count > 0 ? AdminRoles.To(sites) : null;
    }

    public override string ToString() => $"OpenID Connect at {Authority}";

    private IEnumerable<Entry> Entries() =>
        Entry
            .Read(nameof(SiteManagers), "manager", SiteManagers)
            .Concat(Entry.Read(nameof(Viewers), "viewer", Viewers))
            .Concat(Entry.Read(nameof(PrivacyOfficers), "privacy", PrivacyOfficers));

    private static string[] Split(string? text, char separator) =>
        text?.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>A value of the claim, and the sites at which it is a role.</summary>
    private sealed record Entry(string Setting, string Role, string Group, string[] Sites)
    {
        public static IEnumerable<Entry> Read(string setting, string role, string? text) =>
            Split(text, ';')
                .Select(entry =>
                    entry.LastIndexOf('=') is > 0 and var at
                        ? new Entry(setting, role, entry[..at].Trim(), Split(entry[(at + 1)..], ','))
                        : new Entry(setting, role, entry, [])
                );
    }

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

            if (options.GroupsClaim is "preferred_username" or "name" or "nickname")
            {
                yield return $"Gateway__Admin__Oidc__GroupsClaim must not be {options.GroupsClaim}: people change it themselves, and "
                    + "somebody else may have it later.";
            }

            if (Split(options.Operators, ',').Length == 0 && !options.Entries().Any())
            {
                yield return "Gateway__Admin__Oidc__Operators or __SiteManagers must name a group, or nobody could sign in.";
            }

            foreach (var entry in options.Entries())
            {
                if (entry.Sites.Length == 0 || entry.Sites.Any(site => PublicId.Parse(PublicId.Site, site) is null))
                {
                    yield return $"Gateway__Admin__Oidc__{entry.Setting}: \"{entry.Group}\" must be followed by = and the ids of sites, "
                        + "such as shop-team=site_….";
                }
            }
        }
    }
}
