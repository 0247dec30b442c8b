using Gateway.Infrastructure.Http;

namespace Gateway.Console.SignIn;

/// <summary>What somebody who signs in may see and do: everything (an operator), or some sites (a site manager).</summary>
internal sealed class AdminRoles
{
    public static readonly AdminRoles Operator = new(null);
    private const string Everything = "operator";

    private AdminRoles(IReadOnlyList<Guid>? sites) => Sites = sites;

    /// <summary>The sites of a site manager; null for an operator.</summary>
    public IReadOnlyList<Guid>? Sites { get; }

    public bool IsOperator => Sites is null;

    public string Role => IsOperator ? "operator" : "site manager";

    public static AdminRoles To(IEnumerable<Guid> sites) => new([.. sites.Distinct()]);

    public bool Sees(Guid site) => Sites?.Contains(site) ?? true;

    /// <summary>As it is stored: <c>operator</c>, or the public ids of the sites with spaces between.</summary>
    public string ToText() => Sites is null ? Everything : string.Join(' ', Sites.Select(site => PublicId.Format(PublicId.Site, site)));

    public static AdminRoles FromText(string stored) =>
        stored == Everything
            ? Operator
            : To(
                stored
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(site => PublicId.Parse(PublicId.Site, site))
                    .OfType<Guid>()
            );
}
