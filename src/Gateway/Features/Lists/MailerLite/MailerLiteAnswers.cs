using System.Net;
using System.Text.Json;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists.MailerLite;

/// <summary>
/// Whom an answer of MailerLite concerns. What is wrong with the content is 422 with <c>{message, errors{}}</c>, by field.
/// </summary>
internal static class MailerLiteAnswers
{
    public static Verdict Judge(ProviderAnswer answer) =>
        answer.Status != HttpStatusCode.UnprocessableEntity ? answer.Judge(MailerLiteLists.Name, MailerLiteLists.Settings)
        : FieldsOf(answer) is var fields && fields.Contains("email") ? Verdict.Refused("MailerLite does not accept this address.")
        : fields.Exists(field => field.StartsWith("groups", StringComparison.Ordinal))
            ? Verdict.Account("list_unknown", "MailerLite does not know this group. " + ProviderAnswers.UnknownList, isList: true)
        : fields.Exists(field => field.StartsWith("fields", StringComparison.Ordinal))
            ? new(Concern.Property, new ListOutcome.Later("MailerLite answered 422: it does not accept a field."))
        : new(Concern.Unknown, new ListOutcome.Later("MailerLite answered 422."));

    /// <returns>The fields that the answer complains of: <c>email</c>, <c>groups.0</c>, <c>fields.city</c>.</returns>
    private static List<string> FieldsOf(ProviderAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Text);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("errors", out var errors)
                && errors.ValueKind == JsonValueKind.Object
                ? [.. errors.EnumerateObject().Select(error => error.Name)]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
