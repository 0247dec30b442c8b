using System.Globalization;
using Gateway.Console.Story;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Sms;

/// <summary>An SMS in a list. Public, like the components, because Razor makes them so.</summary>
/// <param name="State">In a word or two.</param>
/// <param name="Mark">Of the badge.</param>
/// <param name="Price">With its currency; null while nobody said it.</param>
/// <param name="Failure">Why it failed or is unknown; null when neither.</param>
public sealed record SmsRow(
    string Id,
    string Url,
    string To,
    string State,
    string? Mark,
    int Parts,
    string? Price,
    string? Failure,
    DateTime CreatedAt
)
{
    internal static SmsRow Of(SmsMessage sms, string url)
    {
        var id = PublicId.Format(PublicId.Sms, sms.Id);
        var (state, mark) = WordOf(sms);
        return new(
            id,
            $"{url}/{id}",
            sms.Recipient,
            state,
            mark,
            sms.Parts,
            sms.Price is { } price ? $"{price.ToString("0.######", CultureInfo.InvariantCulture)} {sms.Currency ?? "USD"}" : null,
            TStored(sms.Failure),
            sms.CreatedAt
        );
    }

    private static (string State, string? Mark) WordOf(SmsMessage sms) =>
        sms.State switch
        {
            SmsState.Queued when sms.HeldBy is not null => (T("held"), "warn"),
            SmsState.Scheduled => (T("scheduled"), null),
            SmsState.Queued => (T("waits"), "warn"),
            SmsState.Sending => (T("being sent"), "warn"),
            SmsState.Sent => (T("sent"), "good"),
            SmsState.Delivered => (T("delivered"), "good"),
            SmsState.Unknown => (T("unknown"), "warn"),
            SmsState.Cancelled => (T("not sent"), null),
            _ => (T("failed"), "bad"),
        };
}

/// <summary>One SMS with its story.</summary>
/// <param name="Country">ISO 3166 letters; null when the number belongs to none.</param>
/// <param name="EncodingNote">Why it takes more parts than a plain text would; null when it does not.</param>
/// <param name="IsUnknown">Whether somebody is to say what became of it.</param>
/// <param name="FailedUrl">Where it is tried again; null where nothing is to be decided.</param>
/// <param name="MayCancel">Whether it can still be taken back.</param>
public sealed record SmsModel(
    SmsRow Row,
    string Text,
    string Encoding,
    string? EncodingNote,
    string? Country,
    string? Sender,
    string? Provider,
    string? Reference,
    IReadOnlyList<StoryStep> Story,
    bool IsUnknown,
    string? FailedUrl,
    bool MayCancel
)
{
    internal static SmsModel Of(SmsMessage sms, IReadOnlyList<InboundEvent> receipts, string siteUrl)
    {
        var row = SmsRow.Of(sms, $"{siteUrl}/sms");
        return new(
            row,
            sms.Text,
            sms.Encoding == SmsAlphabet.Gsm7 ? "GSM 7-bit" : "UCS-2",
            SmsEncoding.Of(sms.Text, smart: false).Note,
            PhoneNumber.CountryOf(sms.Recipient),
            sms.Sender,
            sms.Provider,
            sms.Reference,
            StoryStep.InOrder(SmsSteps.Of(sms, receipts)),
            sms.State == SmsState.Unknown,
            sms.State == SmsState.Failed ? $"{siteUrl}/failed/{row.Id}" : null,
            WithdrawSms.IsPossible(sms)
        );
    }
}

/// <summary>What became of an SMS, step by step.</summary>
internal static class SmsSteps
{
    public static IEnumerable<StoryStep> Of(SmsMessage sms, IReadOnlyList<InboundEvent> receipts)
    {
        yield return new(sms.CreatedAt, T("Taken in"), sms.Reference is { } reference ? T($"Reference {reference}") : null);
        if (sms.State == SmsState.Scheduled)
        {
            yield return new(sms.SendAt, T("Is to be sent"));
        }

        if (sms.CalledAt is { } called)
        {
            yield return new(
                called,
                T($"{sms.Provider ?? T("The provider")} was asked to send it"),
                sms.Tries > 1 ? T($"Call {sms.Tries}") : null
            );
        }

        foreach (var receipt in receipts)
        {
            yield return new(
                receipt.ReceivedAt,
                T($"{receipt.Provider} says: {T(receipt.Status)}"),
                receipt.Code is { } code ? T($"Its code: {code}") : null,
                receipt.Status switch
                {
                    "delivered" => "good",
                    "failed" => "bad",
                    _ => null,
                }
            );
        }

        foreach (var step in Ends(sms))
        {
            yield return step;
        }
    }

    private static IEnumerable<StoryStep> Ends(SmsMessage sms)
    {
        if (sms.SentAt is { } sent)
        {
            yield return new(sent, T("Sent"), sms.ProviderId is { } id ? T($"The provider's id: {id}") : null, "good");
        }

        if (sms.DeliveredAt is { } delivered)
        {
            yield return new(delivered, T("Delivered"), Mark: "good");
        }

        if (sms.UsedAt is { } used)
        {
            yield return new(used, T("Used"), T("Somebody typed the code that it brought."), "good");
        }

        var step = sms.State switch
        {
            SmsState.Failed => new(sms.CalledAt ?? sms.CreatedAt, T("It failed"), TStored(sms.Failure), "bad"),
            SmsState.Unknown => new(sms.CalledAt ?? sms.CreatedAt, T("Nobody knows whether it was sent"), TStored(sms.Failure), "warn"),
            SmsState.Cancelled => new(sms.CreatedAt, T("Not sent"), T("It was cancelled before it was sent.")),
            SmsState.Queued => new(sms.DueAt, sms.Tries > 0 ? T("Next try") : T("Waits to be sent"), TStored(sms.Failure)),
            _ => (StoryStep?)null,
        };
        if (step is not null)
        {
            yield return step;
        }
    }
}
