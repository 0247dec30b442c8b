using System.Text.Json;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Mail;

/// <summary>The tokens and the code that a mail carries. They rest encrypted in its row until it was handed over.</summary>
/// <param name="Confirm">The token of the confirm link.</param>
/// <param name="Code">The 8-digit code.</param>
internal sealed record MessageSecrets(string? Confirm = null, string? Code = null, string? Unsubscribe = null, string? Preferences = null)
{
    public string Protect(Secrets secrets) => secrets.Protect(JsonSerializer.Serialize(this));

    public static MessageSecrets Open(string stored, Secrets secrets) => JsonSerializer.Deserialize<MessageSecrets>(secrets.Unprotect(stored))!;
}
