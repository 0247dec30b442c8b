using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SetUp;

/// <summary>Values that go out to find out whether they come back: by a request to our own address, or in a test email.</summary>
internal sealed class SetUpChecks(GatewayDb db, SetUpProgress progress, TimeProvider clock)
{
    /// <summary>Of a request to ourselves.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMinutes(1);

    /// <summary>Of a test email.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private const int ValueBytes = 24;
    private const int MaxPerHour = 30;

    /// <returns>The value, which is known here only by its hash.</returns>
    public Task<Result<string>> MakeAsync(string step, TimeSpan lifetime, string actor, CancellationToken ct) =>
        db.WriteAsync<Result<string>>(
            async () =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                var hourAgo = now.AddHours(-1);
                await db.SetUpChecks.Where(old => old.ExpiresAt < now && old.CreatedAt < hourAgo).ExecuteDeleteAsync(ct);
                if (await db.SetUpChecks.CountAsync(one => one.Step == step && one.CreatedAt > hourAgo, ct) >= MaxPerHour)
                {
                    return new Refusal(
                        RefusalKind.TooMany,
                        "rate_limited",
                        T($"This was tried {MaxPerHour} times within an hour. Wait a little.")
                    );
                }

                var value = Secrets.Random(ValueBytes);
                var row = new SetUpCheck
                {
                    Hash = Secrets.Hash(value),
                    Step = step,
                    Actor = actor,
                    CreatedAt = now,
                    ExpiresAt = now + lifetime,
                };
                await db.InsertNewAsync([row], ct);
                return value;
            },
            ct
        );

    /// <returns>Whether the value went out from this installation a short while ago, for this step.</returns>
    public Task<bool> IsOpenAsync(string step, string value, CancellationToken ct) => Open(step, value).AnyAsync(ct);

    /// <returns>Whether a value of this step is out and has not come back.</returns>
    public Task<bool> IsWaitingAsync(string step, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.SetUpChecks.AnyAsync(one => one.Step == step && one.UsedAt == null && one.ExpiresAt > now, ct);
    }

    /// <summary>The value came back: the step is done.</summary>
    /// <returns>False when it was used, has expired or never was.</returns>
    public Task<bool> UseAsync(string step, string value, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                if (await Open(step, value).ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedAt, now), ct) == 0)
                {
                    return false;
                }

                var hash = Secrets.Hash(value);
                var actor = await db.SetUpChecks.Where(one => one.Hash == hash).Select(one => one.Actor).SingleAsync(ct);
                await progress.MarkAsync(step, SetUpState.Done, actor, ct);
                return true;
            },
            ct
        );

    /// <summary>It could not go out, so nobody waits for it.</summary>
    public Task ForgetAsync(string value, CancellationToken ct)
    {
        var hash = Secrets.Hash(value);
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(
            () => db.SetUpChecks.Where(one => one.Hash == hash).ExecuteUpdateAsync(set => set.SetProperty(one => one.ExpiresAt, now), ct),
            ct
        );
    }

    private IQueryable<SetUpCheck> Open(string step, string value)
    {
        var hash = Secrets.Hash(value);
        var now = clock.GetUtcNow().UtcDateTime;
        return db.SetUpChecks.Where(one => one.Hash == hash && one.Step == step && one.UsedAt == null && one.ExpiresAt > now);
    }
}
