using System.Security.Cryptography;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>Who may tell us what became of mails.</summary>
internal sealed class MailEventSources(
    GatewayDb db,
    IServiceProvider services,
    SecretEncryption encryption,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock
)
{
    /// <summary>Where providers call; the secret follows.</summary>
    public const string Path = "/providers/mail";

    private const int TokenBytes = 32;

    /// <param name="siteId"><see cref="Guid.Empty"/> for the mails of all sites.</param>
    /// <param name="signingKey">As the provider shows it.</param>
    /// <param name="topic">Of Amazon SNS.</param>
    /// <returns>The source and the address to give to the provider, which is shown only now. Inside the caller's transaction.</returns>
    public async Task<Result<NewMailEventSource>> AddAsync(
        Guid siteId,
        string provider,
        string? signingKey,
        string? topic,
        CancellationToken ct
    )
    {
        if (!MailEventFormats.All.Contains(provider))
        {
            return Refusal.Invalid(
                "provider",
                $"There is no provider \"{provider}\". There are: {string.Join(", ", MailEventFormats.All)}."
            );
        }

        var format = FormatOf(provider);
        if (signingKey is null && format.NeedsSigningKey)
        {
            return Refusal.Invalid("signingKey", $"What {provider} sends is signed: give the signing key that it shows.");
        }

        if (signingKey is not null && format.SigningKeyError(signingKey) is { } error)
        {
            return Refusal.Invalid("signingKey", error);
        }

        if (
            provider == MailEventFormats.AmazonSes != topic is not null
            || topic?.StartsWith("arn:aws", StringComparison.Ordinal) == false
        )
        {
            return Refusal.Invalid(
                "topic",
                "Amazon SES speaks by a topic of Amazon SNS, and no other provider does: give its name, arn:aws:sns:…, for ses alone."
            );
        }

        var token = Secrets.Random(TokenBytes);
        var now = clock.GetUtcNow();
        var source = new MailEventSource
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Provider = provider,
            TokenHash = Secrets.Hash(token),
            ProtectedSigningKey = signingKey is null ? null : encryption.Protect(signingKey),
            Topic = topic,
            CreatedAt = now.UtcDateTime,
        };
        db.MailEventSources.Add(source);
        await db.SaveChangesAsync(ct);
        return new NewMailEventSource(source, $"{gateway.Value.PublicBase}{Path}/{token}");
    }

    public Task<List<MailEventSource>> ListAsync(CancellationToken ct) =>
        db.MailEventSources.AsNoTracking().OrderBy(source => source.Id).ToListAsync(ct);

    /// <summary>What it told stays. Inside the caller's transaction.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> RemoveAsync(Guid id, CancellationToken ct) =>
        await db.MailEventSources.Where(source => source.Id == id).ExecuteDeleteAsync(ct) > 0;

    /// <returns>Null when no source has this secret.</returns>
    public Task<MailEventSource?> FindAsync(string token, CancellationToken ct)
    {
        // What is looked up is a hash of 256 random bits, so the time that it takes tells nothing.
        var hash = Secrets.Hash(token);
        return db.MailEventSources.AsNoTracking().SingleOrDefaultAsync(source => source.TokenHash == hash, ct);
    }

    public IMailEventFormat FormatOf(string provider) => services.GetRequiredKeyedService<IMailEventFormat>(provider);

    /// <exception cref="CryptographicException">It was encrypted under another master key.</exception>
    public string? SigningKeyOf(MailEventSource source) => source.ProtectedSigningKey is { } stored ? encryption.Unprotect(stored) : null;
}

/// <param name="Url">With the secret; nobody can read it again.</param>
internal sealed record NewMailEventSource(MailEventSource Source, string Url);
