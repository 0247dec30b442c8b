using System.Security.Cryptography;
using System.Text.Json;
using Fido2NetLib;
using Fido2NetLib.Objects;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SignIn;

/// <summary>
/// Passkeys (WebAuthn) of people who were invited: added, used to sign in, removed. A challenge is signed once, within some minutes, and
/// what the device says of the site must be our public address.
/// </summary>
internal sealed class AdminPasskeys(
    GatewayDb db,
    AdminSessions sessions,
    AuditLog audit,
    IOptions<GatewayOptions> options,
    TimeProvider clock
)
{
    public const int MaxName = 60;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>More than somebody has devices.</summary>
    private const int Most = 20;

    private const int ChallengeBytes = 32;

    /// <summary>What each authenticator knows one of. What else there is only adds to what must be right.</summary>
    private static readonly PubKeyCredParam[] Algorithms = [new(COSE.Algorithm.ES256), new(COSE.Algorithm.RS256)];

    private static Refusal Expired =>
        new(RefusalKind.Invalid, "passkey_expired", T("That took too long, or was sent twice. Try once more."));

    private static Refusal Unknown =>
        new(
            RefusalKind.Forbidden,
            "passkey_unknown",
            T("This passkey opens nothing here: it was removed, or whoever it belongs to. Sign in by a link.")
        );

    private static Refusal Nobody =>
        new(RefusalKind.Forbidden, "passkey_nobody", T("A passkey belongs to somebody who was invited under People."));

    private static Refusal TooMany =>
        new(RefusalKind.Conflict, "passkey_too_many", T($"You have {Most} passkeys. Remove one that you no longer use first."));

    private static Refusal Unfit =>
        new(RefusalKind.Forbidden, "passkey_refused", T("This passkey did not prove who you are. Try once more, or sign in by a link."));

    /// <summary>Browsers know passkeys for names, not for IP addresses.</summary>
    public static bool ArePossible(GatewayOptions gateway) =>
        new Uri(gateway.PublicBase) is var address && address.HostNameType == UriHostNameType.Dns;

    /// <returns>Those of somebody, the oldest first.</returns>
    public Task<List<AdminPasskey>> ListAsync(Guid person, CancellationToken ct) =>
        db.AdminPasskeys.AsNoTracking().Where(one => one.PersonId == person).OrderBy(one => one.Id).ToListAsync(ct);

    /// <returns>How many each person has; who has none is not named.</returns>
    public Task<Dictionary<Guid, int>> CountsAsync(CancellationToken ct) =>
        db.AdminPasskeys.GroupBy(one => one.PersonId).ToDictionaryAsync(of => of.Key, of => of.Count(), ct);

    /// <returns>What the browser of somebody who adds a passkey asks the device, as WebAuthn writes it.</returns>
    public async Task<Result<string>> OptionsToAddAsync(AdminUser user, CancellationToken ct)
    {
        if (await PersonAsync(user.PersonId, ct) is not { } person || !ArePossible(options.Value))
        {
            return Nobody;
        }

        var theirs = await ListAsync(person.Id, ct);
        return theirs.Count < Most ? ToAdd(person, theirs, await ChallengeAsync(user.Session, ct)).ToJson() : TooMany;
    }

    /// <param name="answer">What the device answered, as WebAuthn writes it.</param>
    /// <returns>Its id.</returns>
    public async Task<Result<Guid>> AddAsync(AdminUser user, string? name, string? answer, CancellationToken ct)
    {
        if (name is not { Length: > 0 and <= MaxName })
        {
            return Refusal.Invalid("name", T($"The name has 1 to {MaxName} characters."));
        }

        if (Read<AuthenticatorAttestationRawResponse>(answer) is not { Response.ClientDataJson: { } signed } given)
        {
            return Unfit;
        }

        return await db.WriteAsync<Result<Guid>>(
            async () =>
            {
                if (await TakeAsync(signed, user.Session, ct) is not { } challenge)
                {
                    return Expired;
                }

                // Held, so that whoever is removed at this moment keeps no passkey.
                if (await db.AdminPeople.Where(one => one.Id == user.PersonId).LockAsync(ct) == 0)
                {
                    return Nobody;
                }

                var person = (await PersonAsync(user.PersonId, ct))!;
                var theirs = await ListAsync(person.Id, ct);
                if (theirs.Count >= Most)
                {
                    return TooMany;
                }

                if (await VerifyAsync(given, ToAdd(person, theirs, challenge), ct) is not { } made)
                {
                    return Unfit;
                }

                var now = clock.GetUtcNow();
                var passkey = new AdminPasskey
                {
                    Id = Guid.CreateVersion7(now),
                    PersonId = person.Id,
                    Name = name,
                    CredentialId = made.Id,
                    PublicKey = made.PublicKey,
                    SignCount = made.SignCount,
                    AddedAt = now.UtcDateTime,
                };
                if (await db.InsertNewAsync([passkey], ct) == 0)
                {
                    return Unfit; // Somebody has it already.
                }

                await audit.RecordAsync(null, user.Actor, "passkey.added", PublicId.Format(PublicId.Passkey, passkey.Id), ct);
                return passkey.Id;
            },
            ct
        );
    }

    /// <returns>What the browser of somebody who signs in asks the device: any passkey of ours, which says itself whose it is.</returns>
    public async Task<string> OptionsToSignInAsync(CancellationToken ct) => ToSignIn(await ChallengeAsync(session: null, ct)).ToJson();

    /// <summary>Begins a session of whoever the passkey belongs to.</summary>
    /// <param name="answer">What the device answered, as WebAuthn writes it.</param>
    /// <param name="before">A session of the same browser.</param>
    public async Task<Result<AdminSession>> SignInAsync(string? answer, Guid? before, CancellationToken ct)
    {
        if (Read<AuthenticatorAssertionRawResponse>(answer) is not { Response.ClientDataJson: { } signed, RawId: { } id } given)
        {
            return Unfit;
        }

        return await db.WriteAsync<Result<AdminSession>>(
            async () =>
            {
                if (await TakeAsync(signed, session: null, ct) is not { } challenge)
                {
                    return Expired;
                }

                // Held, so that of two answers of one device the second is counted after the first.
                var known = db.AdminPasskeys.Where(one => one.CredentialId == id);
                if (
                    await known.LockAsync(ct) == 0
                    || await known.AsNoTracking().SingleAsync(ct) is not { } passkey
                    || await PersonAsync(passkey.PersonId, ct) is not { } person
                )
                {
                    return Unknown;
                }

                var subject = PublicId.Format(PublicId.Passkey, passkey.Id);
                var actor = AdminSessions.Actor(person.Address);
                if (await VerifyAsync(given, ToSignIn(challenge), passkey, person, ct) is not { } count)
                {
                    await audit.RecordAsync(null, actor, "passkey.refused", subject, ct);
                    return Unfit;
                }

                var now = clock.GetUtcNow().UtcDateTime;
                await known.ExecuteUpdateAsync(
                    set => set.SetProperty(one => one.SignCount, count).SetProperty(one => one.LastUsedAt, now),
                    ct
                );
                await audit.RecordAsync(null, actor, "passkey.used", subject, ct);
                return await sessions.BeginAsync(new(person.Address, person.Access, person.Id), "passkey", before, ct);
            },
            ct
        );
    }

    /// <summary>Removes a passkey of whoever asks.</summary>
    /// <returns>False when they have no such passkey.</returns>
    public Task<bool> RemoveAsync(AdminUser user, Guid? id, CancellationToken ct) =>
        audit.RecordAsync(
            async () =>
                user.PersonId is { } person
                && await db.AdminPasskeys.Where(one => one.Id == id && one.PersonId == person).ExecuteDeleteAsync(ct) > 0,
            done => done ? new(null, user.Actor, "passkey.removed", PublicId.Format(PublicId.Passkey, id!.Value)) : null,
            ct
        );

    /// <summary>Removes all passkeys of somebody else, such as of a device that was lost.</summary>
    /// <returns>False when they have none.</returns>
    public Task<bool> RemoveAllAsync(Guid? person, string actor, CancellationToken ct) =>
        audit.RecordAsync(
            async () => person is not null && await db.AdminPasskeys.Where(one => one.PersonId == person).ExecuteDeleteAsync(ct) > 0,
            done => done ? new(null, actor, "passkey.removed", PublicId.Format(PublicId.AdminPerson, person!.Value)) : null,
            ct
        );

    /// <summary>What a device stores with the passkey and sends along: it names somebody, and tells nobody who.</summary>
    private static byte[] HandleOf(AdminPerson person) => person.Id.ToByteArray(bigEndian: true);

    private static T? Read<T>(string? answer)
        where T : class
    {
        try
        {
            return answer is null ? null : JsonSerializer.Deserialize<T>(answer);
        }
        catch (Exception wrong) when (IsOfTheAnswer(wrong))
        {
            return null;
        }
    }

    private Task<AdminPerson?> PersonAsync(Guid? id, CancellationToken ct) =>
        db.AdminPeople.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id, ct);

    private Task<byte[]> ChallengeAsync(Guid? session, CancellationToken ct)
    {
        var challenge = RandomNumberGenerator.GetBytes(ChallengeBytes);
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(
            async () =>
            {
                await db.PasskeyChallenges.Where(old => old.ExpiresAt < now).ExecuteDeleteAsync(ct);
                await db.InsertNewAsync(
                    [
                        new PasskeyChallenge
                        {
                            Hash = SHA256.HashData(challenge),
                            SessionId = session,
                            ExpiresAt = now + Lifetime,
                        },
                    ],
                    ct
                );
                return challenge;
            },
            ct
        );
    }

    /// <summary>Uses a challenge up, also where what was signed turns out to be wrong.</summary>
    /// <param name="signed">What the browser says it asked for; the device has signed it.</param>
    /// <returns>Null when it was used, has expired or never was.</returns>
    private async Task<byte[]?> TakeAsync(byte[] signed, Guid? session, CancellationToken ct)
    {
        if (ChallengeIn(signed) is not { } challenge)
        {
            return null;
        }

        var hash = SHA256.HashData(challenge);
        var now = clock.GetUtcNow().UtcDateTime;
        return
            await db
                .PasskeyChallenges.Where(one => one.Hash == hash && one.SessionId == session && one.ExpiresAt > now)
                .ExecuteDeleteAsync(ct) > 0
            ? challenge
            : null;
    }

    private static byte[]? ChallengeIn(byte[] signed)
    {
        try
        {
            using var said = JsonDocument.Parse(signed);
            return said.RootElement.GetProperty("challenge").GetString() is { } text
                ? System.Buffers.Text.Base64Url.DecodeFromChars(text)
                : null;
        }
        catch (Exception wrong) when (IsOfTheAnswer(wrong))
        {
            return null;
        }
    }

    private CredentialCreateOptions ToAdd(AdminPerson person, IEnumerable<AdminPasskey> theirs, byte[] challenge) =>
        new()
        {
            Rp = new(Site.RPID, Site.RPName),
            User = new()
            {
                Id = HandleOf(person),
                Name = person.Address,
                DisplayName = person.Address,
            },
            Challenge = challenge,
            PubKeyCredParams = Algorithms,
            Timeout = (ulong)Lifetime.TotalMilliseconds,
            AuthenticatorSelection = new()
            {
                ResidentKey = ResidentKeyRequirement.Required,
                UserVerification = UserVerificationRequirement.Required,
            },
            ExcludeCredentials = [.. theirs.Select(one => new PublicKeyCredentialDescriptor(one.CredentialId))],
        };

    private AssertionOptions ToSignIn(byte[] challenge) =>
        new()
        {
            Challenge = challenge,
            RpId = Site.RPID,
            Timeout = (ulong)Lifetime.TotalMilliseconds,
            UserVerification = UserVerificationRequirement.Required,
        };

    /// <returns>Null when it proves nothing.</returns>
    private async Task<RegisteredPublicKeyCredential?> VerifyAsync(
        AuthenticatorAttestationRawResponse given,
        CredentialCreateOptions asked,
        CancellationToken ct
    )
    {
        try
        {
            return await new Fido2(Site).MakeNewCredentialAsync(
                new()
                {
                    AttestationResponse = given,
                    OriginalOptions = asked,
                    // The table keeps them apart, also of two who come at once.
                    IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
                },
                ct
            );
        }
        catch (Exception wrong) when (IsOfTheAnswer(wrong))
        {
            return null;
        }
    }

    /// <returns>How often the device has signed by now; null when it proves nothing.</returns>
    private async Task<long?> VerifyAsync(
        AuthenticatorAssertionRawResponse given,
        AssertionOptions asked,
        AdminPasskey passkey,
        AdminPerson person,
        CancellationToken ct
    )
    {
        if (given.Response.UserHandle is not { } handle)
        {
            return null;
        }

        try
        {
            var proved = await new Fido2(Site).MakeAssertionAsync(
                new()
                {
                    AssertionResponse = given,
                    OriginalOptions = asked,
                    StoredPublicKey = passkey.PublicKey,
                    StoredSignatureCounter = (uint)passkey.SignCount,
                    IsUserHandleOwnerOfCredentialIdCallback = (_, _) => Task.FromResult(handle.AsSpan().SequenceEqual(HandleOf(person))),
                },
                ct
            );

            // One that counted and does no longer is another device's copy.
            return proved.SignCount == 0 && passkey.SignCount > 0 ? null : proved.SignCount;
        }
        catch (Exception wrong) when (IsOfTheAnswer(wrong))
        {
            return null;
        }
    }

    /// <summary>Whatever a stranger sends, reading it fails in many ways, and each is an answer that proves nothing.</summary>
    private static bool IsOfTheAnswer(Exception wrong) => wrong is not (OperationCanceledException or OutOfMemoryException);

    private Fido2Configuration Site =>
        new()
        {
            RPID = new Uri(options.Value.PublicBase).Host,
            RPName = "Gateway",
            Origins = new HashSet<string> { options.Value.PublicBase },
        };
}
