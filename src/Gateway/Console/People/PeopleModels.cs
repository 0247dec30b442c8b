namespace Gateway.Console.People;

/// <summary>Somebody who may sign in by a link. Public, like the components, because Razor makes them so.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Sites">The names of the sites; none for an operator.</param>
public sealed record PersonRow(string Id, string Address, string Role, IReadOnlyList<string> Sites, DateTime InvitedAt, bool IsSelf);

/// <summary>Somebody who is signed in.</summary>
/// <param name="Means"><c>link</c> or <c>oidc</c>.</param>
public sealed record SessionRow(string Id, string Name, string Role, string Means, DateTime StartedAt, DateTime EndsAt, bool IsThis);

/// <summary>What the form that invites somebody says.</summary>
/// <param name="Role"><c>operator</c>, <c>manager</c>, <c>viewer</c> or <c>privacy</c>.</param>
public sealed record Invited(string Email, string Role, IReadOnlyCollection<string> Sites)
{
    /// <summary>Nobody yet.</summary>
    public static readonly Invited Empty = new("", "manager", []);
}
