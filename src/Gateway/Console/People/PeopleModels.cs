using Gateway.Console.SignIn;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.People;

/// <summary>Somebody who may sign in by a link. Public, like the components, because Razor makes them so.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Sites">The names of the sites; none for an operator.</param>
/// <param name="Passkeys">How many they have.</param>
public sealed record PersonRow(
    string Id,
    string Address,
    string Role,
    IReadOnlyList<string> Sites,
    DateTime InvitedAt,
    int Passkeys,
    bool IsSelf
);

/// <summary>A passkey of whoever looks.</summary>
/// <param name="Id">Its public id.</param>
public sealed record PasskeyRow(string Id, string Name, DateTime AddedAt, DateTime? LastUsedAt)
{
    internal static PasskeyRow Of(AdminPasskey passkey) =>
        new(PublicId.Format(PublicId.Passkey, passkey.Id), passkey.Name, passkey.AddedAt, passkey.LastUsedAt);
}

/// <summary>What a passkey of whoever looks would belong to.</summary>
public enum PasskeyOwner
{
    /// <summary>They were invited: they can have some.</summary>
    Person,

    /// <summary>They came from their issuer, which has ways of its own.</summary>
    Issuer,

    /// <summary>An operator who came by a link from the command line: they can invite themselves.</summary>
    Operator,

    /// <summary>Somebody else who came by such a link.</summary>
    Nobody,

    /// <summary>Browsers know no passkeys for the public address.</summary>
    Impossible,
}

/// <summary>Somebody who is signed in.</summary>
/// <param name="Means"><c>link</c>, <c>passkey</c> or <c>organisation</c>.</param>
public sealed record SessionRow(string Id, string Name, string Role, string Means, DateTime StartedAt, DateTime EndsAt, bool IsThis);

/// <summary>What the form that invites somebody says.</summary>
/// <param name="Role"><c>operator</c>, <c>manager</c>, <c>viewer</c> or <c>privacy</c>.</param>
public sealed record Invited(string Email, string Role, IReadOnlyCollection<string> Sites)
{
    /// <summary>Nobody yet.</summary>
    public static readonly Invited Empty = new("", "manager", []);
}
