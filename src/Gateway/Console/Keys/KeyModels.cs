using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Keys;

/// <summary>A key of a site. Public, like the components, because Razor makes them so.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="ClientId">Null for a connection key.</param>
/// <param name="Scopes">What its tokens may have, in words.</param>
public sealed record KeyRow(
    string Id,
    string Name,
    string? ClientId,
    string Scopes,
    DateTime CreatedAt,
    DateTime? LastUsedAt,
    bool MayRevoke
)
{
    internal static KeyRow Of(Credential key) =>
        new(
            PublicId.Format(PublicId.ApiKey, key.Id),
            key.Name ?? (key.Kind == CredentialKind.Signing ? "WordPress" : T("Made with the site")),
            key.ClientId,
            key.Kind == CredentialKind.Signing ? T("submissions") : key.Scopes ?? T("everything"),
            key.CreatedAt,
            key.LastUsedAt,
            key.Kind == CredentialKind.Api
        );
}

/// <summary>What a key may be used for.</summary>
public sealed record ScopeChoice(string Key, string Label, bool IsUsual)
{
    internal static readonly IReadOnlyList<ScopeChoice> All =
    [
        .. Features.Sites.Scopes.All.Select(scope => new ScopeChoice(scope, LabelOf(scope), Features.Sites.Scopes.Usual.Contains(scope))),
    ];

    private static string LabelOf(string scope) =>
        scope switch
        {
            Features.Sites.Scopes.Contacts => "add, find, change and erase contacts",
            Features.Sites.Scopes.Sms => "send SMS",
            Features.Sites.Scopes.Mail => "send emails",
            Features.Sites.Scopes.Hooks => "be told of events",
            Features.Sites.Scopes.Read => "read what there is",
            Features.Sites.Scopes.Operate => "decide about what failed",
            Features.Sites.Scopes.Connections => "change accounts at providers",
            Features.Sites.Scopes.Imports => "bring in and take out whole files of people",
            _ => scope,
        };
}

/// <summary>A secret that is shown once.</summary>
public sealed record ShownSecret(string Label, string Value);
