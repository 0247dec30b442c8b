using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Mail;

/// <summary>
/// What fills a mail's template, as JSON: of a transactional mail its <c>vars</c>, of a mail about a list or of a input whole namespaces.
/// It rests encrypted in the
/// row until the mail was handed over.
/// </summary>
internal static class MessageVariables
{
    public static string Protect(JsonObject values, SecretEncryption secrets) => secrets.Protect(values.ToJsonString());

    /// <returns>Null when they are gone or were encrypted under another master key.</returns>
    public static JsonObject? Open(string? stored, SecretEncryption secrets)
    {
        try
        {
            return stored is null ? null : JsonNode.Parse(secrets.Unprotect(stored))!.AsObject();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
