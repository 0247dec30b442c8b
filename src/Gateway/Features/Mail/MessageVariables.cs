using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Mail;

/// <summary>What fills a transactional mail's template. It rests encrypted in the row until the mail was handed over.</summary>
internal static class MessageVariables
{
    public static string Protect(IReadOnlyDictionary<string, string> variables, Secrets secrets) => secrets.Protect(JsonSerializer.Serialize(variables));

    /// <returns>Null when they are gone or were encrypted under another master key.</returns>
    public static Dictionary<string, string>? Open(string? stored, Secrets secrets)
    {
        try
        {
            return stored is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(secrets.Unprotect(stored));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
