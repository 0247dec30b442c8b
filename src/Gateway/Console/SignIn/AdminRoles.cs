using Gateway.Infrastructure.Http;

namespace Gateway.Console.SignIn;

/// <summary>
/// What somebody who signs in may see and do: everything (an operator), or something at some sites (a site manager, a viewer, somebody
/// who looks after privacy).
/// </summary>
internal sealed class AdminRoles
{
    public static readonly AdminRoles Operator = new(null);

    /// <summary>What each role of a site opens, as commands, settings and forms name it.</summary>
    public static readonly IReadOnlyDictionary<string, SiteRights> Named = new Dictionary<string, SiteRights>
    {
        ["manager"] = SiteRights.See | SiteRights.Privacy | SiteRights.Manage,
        ["viewer"] = SiteRights.See,
        ["privacy"] = SiteRights.Privacy,
    };

    private const string Everything = "operator";
    private readonly Dictionary<Guid, SiteRights>? _sites;

    private AdminRoles(Dictionary<Guid, SiteRights>? sites) => _sites = sites;

    /// <summary>The sites at which they may do something; null for an operator.</summary>
    public IReadOnlyList<Guid>? Sites => _sites?.Keys.ToList();

    /// <summary>The sites whose pages they may see; null for an operator, who sees all.</summary>
    public IReadOnlyList<Guid>? Seen => _sites?.Where(one => one.Value.HasFlag(SiteRights.See)).Select(one => one.Key).ToList();

    /// <summary>The sites that they may change; null for an operator, who changes all.</summary>
    public IReadOnlyList<Guid>? Managed => _sites?.Where(one => one.Value.HasFlag(SiteRights.Manage)).Select(one => one.Key).ToList();

    public bool IsOperator => _sites is null;

    /// <summary>In words.</summary>
    public string Role =>
        _sites is null ? Everything
        : _sites.Values.Distinct().ToList() is [var same] ? WordOf(same)
        : _sites.Count == 0 ? "nobody"
        : "several roles";

    /// <summary>Manages some sites.</summary>
    public static AdminRoles To(IEnumerable<Guid> sites) => To("manager", sites);

    /// <param name="role">One of <see cref="Named"/>.</param>
    public static AdminRoles To(string role, IEnumerable<Guid> sites) => To(sites.Select(site => KeyValuePair.Create(site, Named[role])));

    /// <summary>Of several roles at one site, what any of them opens is open.</summary>
    public static AdminRoles To(IEnumerable<KeyValuePair<Guid, SiteRights>> sites) =>
        new(
            sites.GroupBy(one => one.Key, one => one.Value).ToDictionary(one => one.Key, one => one.Aggregate((all, more) => all | more))
        );

    /// <summary>What they may do at all sites together.</summary>
    public SiteRights Everywhere =>
        _sites is null ? Named["manager"] : _sites.Values.Aggregate(SiteRights.None, (all, more) => all | more);

    /// <summary>What they may do at a site.</summary>
    public SiteRights At(Guid site) => _sites is null ? Named["manager"] : _sites.GetValueOrDefault(site);

    /// <summary>Whether one of these is theirs at a site.</summary>
    public bool May(Guid site, SiteRights anyOf) => (At(site) & anyOf) != 0;

    /// <summary>Whether one of these is theirs at any site.</summary>
    public bool MaySomewhere(SiteRights anyOf) => _sites is null || _sites.Values.Any(rights => (rights & anyOf) != 0);

    /// <summary>
    /// As it is stored: <c>operator</c>, or the public ids of the sites with spaces between; before the id of a site that they do not
    /// manage stands the role and a colon.
    /// </summary>
    public string ToText() =>
        _sites is null
            ? Everything
            : string.Join(
                ' ',
                _sites.SelectMany(one => RolesOf(one.Value).Select(role => Prefix(role) + PublicId.Format(PublicId.Site, one.Key)))
            );

    public static AdminRoles FromText(string stored) =>
        stored == Everything ? Operator : To(stored.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Read));

    private static IEnumerable<KeyValuePair<Guid, SiteRights>> Read(string stored)
    {
        var (role, id) = stored.Split(':') is [var named, var site] ? (named, site) : ("manager", stored);
        return PublicId.Parse(PublicId.Site, id) is { } found && Named.TryGetValue(role, out var rights)
            ? [KeyValuePair.Create(found, rights)]
            : [];
    }

    private static string Prefix(string role) => role == "manager" ? "" : role + ":";

    private static IEnumerable<string> RolesOf(SiteRights rights) =>
        rights.HasFlag(SiteRights.Manage)
            ? ["manager"]
            : Named.Where(role => role.Key != "manager" && rights.HasFlag(role.Value)).Select(role => role.Key);

    private static string WordOf(SiteRights rights) =>
        string.Join(", ", RolesOf(rights).Select(role => role == "manager" ? "site manager" : role));
}
