using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Story;

/// <summary>What became of an email, step by step.</summary>
internal static class MailSteps
{
    /// <param name="events">What providers told of it.</param>
    /// <param name="messages">The path of the site's messages; null where the page is about this one alone.</param>
    public static IEnumerable<StoryStep> Of(Message mail, IEnumerable<MailEvent> events, string? messages)
    {
        var url = messages is null ? null : $"{messages}/{PublicId.Format(PublicId.Message, mail.Id)}";
        yield return new(mail.CreatedAt, T("Email queued"), T($"Template “{mail.Template}”, language {mail.Language}"), null, url);
        if (OutcomeOf(mail, url) is { } outcome)
        {
            yield return outcome;
        }

        var told = events.ToList();
        if (mail.DeliveredAt is { } delivered && !told.Exists(one => one.Type == MailEventType.Delivered))
        {
            yield return new(delivered, T("Delivered"), T("The recipient's server took it."), "good");
        }

        foreach (var one in told)
        {
            var (what, mark) = WordOf(one.Type);
            yield return new(one.OccurredAt, T(what), DetailOf(one), mark);
        }
    }

    /// <returns>The state in a word or two, and the mark of its badge.</returns>
    public static (string State, string? Mark) WordOf(Message mail, DateTime now) =>
        mail.State switch
        {
            MessageState.Queued when mail.HeldBy is not null => ("held", "warn"),
            MessageState.Queued when mail.SendAt > now => ("scheduled", null),
            MessageState.Queued => ("waits", "warn"),
            MessageState.Sent => ("handed over", "good"),
            MessageState.Delivered => ("delivered", "good"),
            MessageState.Bounced => ("came back", "bad"),
            MessageState.Cancelled => ("not sent", null),
            MessageState.Unknown => ("perhaps sent", "warn"),
            _ => ("failed", "bad"),
        };

    private static StoryStep? OutcomeOf(Message mail, string? url) =>
        mail.State switch
        {
            MessageState.Queued when mail.HeldBy is not null => new(
                null,
                T("Waits for its way out"),
                T("The connection does not work at the moment. It goes out by itself once it does."),
                "warn",
                url
            ),
            MessageState.Queued => new(
                mail.DueAt,
                mail.Attempts > 0 ? T("Next try") : T("Waits to be sent"),
                TStored(mail.Answer),
                null,
                url
            ),
            MessageState.Sent or MessageState.Delivered or MessageState.Bounced => new(
                mail.SentAt,
                T("Handed over to the mail server"),
                TStored(mail.Answer),
                "good",
                url
            ),
            MessageState.Unknown => new(
                mail.SentAt ?? mail.CreatedAt,
                T("Perhaps handed over"),
                TStored(mail.Answer) ?? T("The connection broke off before the server answered."),
                "warn",
                url
            ),
            MessageState.Cancelled => new(
                mail.CreatedAt,
                T("Not sent"),
                TStored(mail.Answer) ?? T("It was cancelled before it was sent."),
                null,
                url
            ),
            _ => new(mail.SentAt ?? mail.CreatedAt, T("Sending failed"), SentencesOf(mail.Answer), "bad", url),
        };

    /// <returns>The server's answer, with what it means where that is known.</returns>
    public static string? SentencesOf(string? answer) =>
        MailAnswers.MeaningOf(answer) is { } meaning ? $"{TStored(meaning)} ({answer})" : TStored(answer);

    private static (string What, string? Mark) WordOf(MailEventType type) =>
        type switch
        {
            MailEventType.Delivered => ("Delivered", "good"),
            MailEventType.Deferred => ("Put off by the recipient's server", "warn"),
            MailEventType.HardBounced => ("Came back: there is no such mailbox", "bad"),
            MailEventType.SoftBounced => ("Came back", "bad"),
            MailEventType.Blocked => ("Refused by the recipient's server or the provider", "bad"),
            MailEventType.Complained => ("Called spam by the person", "bad"),
            MailEventType.Unsubscribed => ("Unsubscribed at the provider", "warn"),
            MailEventType.Removed => ("Taken off the list at the provider", "warn"),
            MailEventType.Opened => ("Opened", null),
            MailEventType.Clicked => ("A link was opened", null),
            _ => ("Told by the provider", null),
        };

    private static string DetailOf(MailEvent one) =>
        string.Join(
            " · ",
            new[] { one.Detail, one.Code, one.Remark, T($"says {one.Provider}") }.Where(part => !string.IsNullOrEmpty(part))
        );
}
