using System.Security.Cryptography;
using System.Text;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>One event as a format reads it.</summary>
/// <param name="Key">What makes it the same when it comes again: the provider's id of it; null is all of it.</param>
/// <param name="Body">As it came.</param>
internal sealed record ReportedEvent(MailEventType Type, string? Key, byte[] Body)
{
    /// <summary>What our mail carried and the provider gives back: <c>msg_…</c>.</summary>
    public string? Correlation { get; init; }

    /// <summary>The header Message-ID of the mail, with or without angle brackets.</summary>
    public string? MimeId { get; init; }

    public string? Address { get; init; }

    /// <summary>The provider's id of the list that it is about; null of what is about none, or about all there.</summary>
    public string? ProviderList { get; init; }

    /// <summary>The enhanced status code, where it stands apart from the words.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>Ids at providers are numbers.</summary>
    private const int MaxList = 40;

    /// <param name="now">An event of later was told by a clock that is wrong.</param>
    public MailEvent ToRow(MailEventSource source, DateTimeOffset now)
    {
        var detail = Detail is { Length: > 0 } ? SmtpErrors.Clean(Detail) : null;
        var code = MailEventRules.CodeIn(Code) ?? MailEventRules.CodeIn(detail);
        return new()
        {
            Id = Guid.CreateVersion7(now),
            SourceId = source.Id,
            Provider = source.Provider,
            SiteId = source.SiteId,
            Key = SHA256.HashData(Key is null ? Body : Encoding.UTF8.GetBytes(Key)),
            Type = ProviderList?.Length > MaxList ? MailEventType.Other : MailEventRules.Judge(Type, code),
            MessageId = PublicId.Parse(PublicId.Message, Correlation) ?? IdIn(MimeId),
            Address = EmailAddress.Parse(Address)?.Key,
            ProviderList = ProviderList is { Length: <= MaxList } list ? list : null, // One that is longer is none, and says nothing.
            Code = code,
            Detail = detail,
            OccurredAt = (At is { } at && at < now ? at : now).UtcDateTime,
            ReceivedAt = now.UtcDateTime,
            Body = Body,
            DueAt = now.UtcDateTime,
        };
    }

    /// <summary>Our Message-IDs begin with the message's own id (<see cref="Message.MessageId"/>).</summary>
    private static Guid? IdIn(string? mimeId) =>
        mimeId?.Trim().TrimStart('<').Split('@') is [var local, ..] && Guid.TryParseExact(local, "N", out var id) ? id : null;
}
