using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;
using MimeKit;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What a mail that arrived says of how it left: who signed it, and where it would come back to.</summary>
/// <param name="Selector">Null where nobody signed it for the domain in From.</param>
/// <param name="SigningDomain">Likewise.</param>
/// <param name="ReturnPath">The domain of <c>Return-Path</c>, which the server that took it writes; null where there is none.</param>
internal sealed record MailHeaders(string? Selector, string? SigningDomain, string? ReturnPath)
{
    /// <summary>Nobody reads headers that are longer.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <param name="file">A mail as it arrived, with all its headers (<c>.eml</c>).</param>
    public static async Task<Result<MailHeaders>> ReadAsync(string file, string domain, CancellationToken ct)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            if (stream.Length > MaxBytes)
            {
                return Refusal.Invalid("mail", $"{file} is larger than any mail that is read here. Save a mail without attachments.");
            }

            var headers = await HeaderList.LoadAsync(stream, ct);
            if (headers.Count == 0)
            {
                return Refusal.Invalid("mail", $"{file} is no mail. Save one that arrived, with all its headers.");
            }

            return Of(headers, domain);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            return Refusal.Invalid("mail", $"{file} cannot be read as a mail.");
        }
    }

    /// <param name="domain">The domain in From, in ASCII and lower case.</param>
    public static MailHeaders Of(HeaderList headers, string domain)
    {
        // A provider may sign for itself as well; what counts is a signature for the domain, if there is one.
        var signed = headers
            .Where(header => header.Id == HeaderId.DkimSignature)
            .Select(header => TagList.Of(header.Value))
            .Where(tags => tags["d"] is not null && tags["s"] is not null)
            .ToList();
        var best =
            signed.Find(tags => tags["d"]!.Equals(domain, StringComparison.OrdinalIgnoreCase))
            ?? signed.Find(tags => domain.EndsWith('.' + tags["d"]!, StringComparison.OrdinalIgnoreCase))
            ?? signed.FirstOrDefault();
        var path = headers[HeaderId.ReturnPath]?.Trim().Trim('<', '>');
        return new(best?["s"], best?["d"]?.ToLowerInvariant(), EmailAddress.Parse(path)?.Key.Split('@')[^1]);
    }
}
