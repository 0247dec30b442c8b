using Gateway.Infrastructure.Connections;
using MimeKit;

namespace Gateway.Features.Mail;

/// <summary>A connection that cannot be used until somebody changes it: it holds what would go over it.</summary>
/// <param name="reason">Why, as a sentence.</param>
internal sealed class ClosedTransport(string reason) : IMailTransport
{
    public TimeSpan TimeLimit => TimeSpan.FromSeconds(1);

    public Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct) =>
        Task.FromResult<MailOutcome>(new MailOutcome.Held(new(Concern.Account, "connection_unusable", reason)));
}
