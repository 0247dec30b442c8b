using System.Text.Json;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Mail;

/// <summary>The tokens and the code that a mail carries. They rest encrypted in its row until it was handed over.</summary>
/// <param name="Confirm">The token of the confirm link.</param>
/// <param name="Code">The 8-digit code.</param>
/// <param name="Stay">The token of the link by which somebody who was silent stays on a list.</param>
internal sealed record MessageSecrets(
    string? Confirm = null,
    string? Code = null,
    string? Unsubscribe = null,
    string? Preferences = null,
    string? Stay = null
)
{
    public string Protect(SecretEncryption secrets) => secrets.Protect(JsonSerializer.Serialize(this));

    public static MessageSecrets Open(string stored, SecretEncryption secrets) =>
        JsonSerializer.Deserialize<MessageSecrets>(secrets.Unprotect(stored))!;

    /// <summary>The links as a template sees them, by their names.</summary>
    /// <param name="publicBase">The public address of the gateway.</param>
    public Dictionary<string, string?> Links(string publicBase)
    {
        var links = new Dictionary<string, string?>();
        if (this is { Confirm: { } confirm, Code: { } code })
        {
            links["confirm"] = $"{publicBase}/c/{confirm}";
            links["not_me"] = $"{publicBase}/c/{confirm}/cancel";
            links["code"] = code;
            links["code_page"] = $"{publicBase}/c";
        }

        if (Unsubscribe is { } unsubscribe)
        {
            links["unsubscribe"] = $"{publicBase}/u/{unsubscribe}";
        }

        if (Preferences is { } preferences)
        {
            links["preferences"] = $"{publicBase}/p/{preferences}";
        }

        if (Stay is { } stay)
        {
            links["stay"] = $"{publicBase}/stay/{stay}";
        }

        return links;
    }
}
