using Gateway.Features.Contacts;

namespace Gateway.Features.Mail.Bounces;

/// <summary>Hears, in the transaction of the message's outcome, that mail to a contact came back for good.</summary>
internal interface IBounceListener
{
    /// <param name="contact">Held until the transaction ends.</param>
    /// <param name="answer">What the mail server said, without addresses.</param>
    Task BouncedAsync(Contact contact, string answer, CancellationToken ct);
}
