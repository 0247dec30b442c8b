namespace Gateway.Features.Mail;

/// <param name="OutgoingMail">Null when it is not to be sent.</param>
/// <param name="SkipReason">Why not; null when it is to be sent.</param>
internal sealed record PreparedMail(Message Message, OutgoingMail? OutgoingMail, SkipReason? SkipReason);

/// <summary>What messages of one kind are made of. Who writes such messages registers one.</summary>
internal interface IMailSource
{
    /// <summary>Whether the message is of its kind.</summary>
    bool Has(Message message);

    /// <param name="messages">All of its kind; one at least.</param>
    Task<List<PreparedMail>> ReadAsync(List<Message> messages, CancellationToken ct);

    /// <summary>Asked before a message is tried again that failed.</summary>
    /// <param name="message">Of its kind.</param>
    /// <returns>Why nobody needs the mail any more; null while somebody does.</returns>
    Task<SkipReason?> FindMootAsync(Message message, CancellationToken ct) => Task.FromResult<SkipReason?>(null);
}

/// <summary>All sources together.</summary>
internal sealed class MailSources(IEnumerable<IMailSource> sources)
{
    public async Task<List<PreparedMail>> ReadAsync(List<Message> messages, CancellationToken ct)
    {
        var prepared = new List<PreparedMail>();
        foreach (var source in sources)
        {
            if (messages.FindAll(source.Has) is { Count: > 0 } its)
            {
                prepared.AddRange(await source.ReadAsync(its, ct));
            }
        }

        // Somebody waits in front of the screen for a confirmation, so those go first.
        return [.. prepared.OrderBy(mail => mail.Message.RequestId is null)];
    }

    /// <inheritdoc cref="IMailSource.FindMootAsync"/>
    public Task<SkipReason?> FindMootAsync(Message message, CancellationToken ct) =>
        sources.FirstOrDefault(source => source.Has(message))?.FindMootAsync(message, ct) ?? Task.FromResult<SkipReason?>(null);
}
