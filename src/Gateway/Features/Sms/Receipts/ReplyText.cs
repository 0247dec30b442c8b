using System.Text;
using Gateway.Features.Sms.Brevo;
using Gateway.Features.Sms.Vonage;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Features.Sms.Receipts;

/// <summary>What a person wrote, taken from what their provider told us.</summary>
internal static class ReplyText
{
    public static string? Of(InboundEvent row) =>
        row.Provider switch
        {
            SmsRoute.Vonage => VonageJson.Read<VonageReply>(row.Body)?.Text,
            SmsRoute.Brevo => BrevoJson.Read<BrevoSmsEvent>(row.Body)?.Reply,
            _ => QueryHelpers.ParseQuery(Encoding.UTF8.GetString(row.Body)).GetValueOrDefault("Body"),
        };
}
