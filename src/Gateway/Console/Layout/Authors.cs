using Gateway.Console.SignIn;

namespace Gateway.Console.Layout;

/// <summary>Who changed or wrote something, for people.</summary>
internal static class Authors
{
    private static readonly string Admin = AdminSessions.Actor("");

    public static string? NameOf(string? author) =>
        author?.StartsWith(Admin, StringComparison.Ordinal) == true ? author[Admin.Length..] : author;
}
