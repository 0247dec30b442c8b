namespace Gateway.Features.Templates.Lint;

/// <summary>
/// A message to look at, as its reader would get it; what is still a template is read as if its variables were ordinary words.
/// </summary>
/// <param name="Kind">One of <see cref="MessageKinds"/>.</param>
/// <param name="Language">Two letters; the words of English and French are known, of other languages only what does not depend on
/// words.</param>
/// <param name="From">The sender as <c>Name &lt;address&gt;</c>; of an SMS the sender's name or number.</param>
/// <param name="Text">The text part; of an SMS its text.</param>
/// <param name="RecentSubjects">Subjects of the last messages to the same list, newest first: a word used every time wears out.</param>
internal sealed record LintedMessage(
    string Kind,
    string Language,
    string? Subject,
    string? Preheader,
    string? From,
    string? Html,
    string? Text,
    IReadOnlyList<string> RecentSubjects
)
{
    private MailDocument? _document;

    public bool IsSms => Kind == MessageKinds.Sms;

    /// <summary>Whether it goes to people because they are on a list.</summary>
    public bool IsListMail => Kind is MessageKinds.Welcome or MessageKinds.List;

    public MailDocument Document => _document ??= MailDocument.Of(Placeholders.FillHtml(Html ?? ""));
}

/// <summary>What a message is for; what may stand in it depends on that.</summary>
internal static class MessageKinds
{
    public const string Confirmation = "confirmation";
    public const string Welcome = "welcome";

    /// <summary>A transactional mail: about something that its one recipient did or asked for.</summary>
    public const string Email = "email";

    /// <summary>A newsletter or another mail to everybody on a list.</summary>
    public const string List = "list";

    public const string Sms = "sms";

    public static readonly IReadOnlyList<string> All = [Confirmation, Welcome, Email, List, Sms];
}
