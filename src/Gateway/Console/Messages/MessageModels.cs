using Gateway.Console.Story;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Messages;

/// <summary>An email in a list. Public, like the components, because Razor makes them so.</summary>
/// <param name="To">Null when the person is gone.</param>
/// <param name="State">In a word or two.</param>
/// <param name="Mark">Of the badge.</param>
/// <param name="Answer">What went wrong, in a sentence; null when nothing did.</param>
public sealed record MessageRow(
    string Id,
    string Url,
    string? To,
    string Template,
    string Kind,
    string State,
    string? Mark,
    string? Answer,
    DateTime CreatedAt
)
{
    internal static MessageRow Of(Message mail, string? address, string url, DateTime now)
    {
        var id = PublicId.Format(PublicId.Message, mail.Id);
        var (state, mark) = MailSteps.WordOf(mail, now);
        return new(
            id,
            $"{url}/{id}",
            mail.Address ?? address,
            mail.Template,
            mail.RequestId is not null ? T("confirmation")
                : mail.ContactId is not null ? T("list")
                : T("transactional"),
            T(state),
            mark,
            mark is "bad" or "warn" ? MailSteps.SentencesOf(mail.Answer) : null,
            mail.CreatedAt
        );
    }
}

/// <summary>One email with its story.</summary>
/// <param name="Facts">What is known of it, by name, with where more about it stands.</param>
/// <param name="FailedUrl">Where it is tried again; null where nothing is to be decided.</param>
/// <param name="MayCancel">Whether it can still be taken back.</param>
public sealed record MessageModel(
    MessageRow Row,
    IReadOnlyList<MessageFact> Facts,
    IReadOnlyList<StoryStep> Story,
    string? FailedUrl,
    bool MayArriveTwice,
    bool MayCancel
);

/// <summary>Something that is known, and where more about it stands.</summary>
public sealed record MessageFact(string Label, string Value, string? Url = null);
