using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Layout;

/// <summary>
/// Of two people who have the same form open, the second one does not undo what the first one saved: the form carries how everything stood
/// when it was shown, and where something else is stored by now, it is shown again with what was typed.
/// </summary>
internal sealed class FormVersions(AuditReader audit)
{
    /// <param name="stored">All that the form shows of what is stored.</param>
    public static string Of<TStored>(TStored stored) => Versions.Of(stored);

    /// <returns>What the form says when it is shown again. Only where it was refused for being too old, it is about what is stored
    /// now.</returns>
    public static string Again<TStored>(TStored stored, PageForm? form, Refusal? why) =>
        why?.Code != Versions.Changed && form?[PageForm.Version] is { } seen ? seen : Of(stored);

    /// <summary>To be asked while what is changed is held, so that nobody comes between.</summary>
    /// <param name="stored">As it is now, like <see cref="Of"/>.</param>
    /// <param name="subject">As the audit names what is changed.</param>
    /// <returns>Null when it stands as the form showed it; who posts without a version has not seen it, and says all there is.</returns>
    public async Task<Refusal?> ErrorAsync<TStored>(PageForm form, TStored stored, Guid siteId, string subject, CancellationToken ct)
    {
        if (form[PageForm.Version] is not { } seen || seen == Of(stored))
        {
            return null;
        }

        var last = await audit.LastAsync(siteId, subject, ct);
        var who = last is null
            ? T("Somebody else changed this after you had opened the page.")
            : T($"{Authors.NameOf(last.Actor)} changed this at {last.OccurredAt:HH:mm} UTC, after you had opened the page.");
        var what = T(
            "What you typed is not saved yet: save again to put it in place of theirs, or load the page again to see what is stored."
        );
        return new(RefusalKind.Conflict, Versions.Changed, $"{who} {what}");
    }
}
