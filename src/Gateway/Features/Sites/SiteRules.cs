using Gateway.Infrastructure.Text;

namespace Gateway.Features.Sites;

/// <summary>What a site may be called and send as, whoever adds or changes it.</summary>
internal static class SiteRules
{
    public const int MaxName = 200;

    /// <returns>What is wrong with the name, as a sentence; null when nothing is.</returns>
    public static string? NameError(string name) =>
        name.Length is 0 or > MaxName ? $"A site's name has 1 to {MaxName} characters."
        : name.Any(char.IsControl) ? "A site's name has no control characters."
        : null;

    /// <param name="field">How the sender is named where it was typed.</param>
    /// <returns>What is wrong with the sender, as a sentence; null when nothing is.</returns>
    public static string? SenderError(string field, string? from) => from is null ? null : AddressRules.Error(field, from);
}
