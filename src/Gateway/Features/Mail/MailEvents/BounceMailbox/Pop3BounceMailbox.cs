using MailKit.Net.Pop3;
using MimeKit;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>
/// Read by POP3 (RFC 1939), which marks nothing and shows what is new only to who signs in anew. So a mail that said something is deleted
/// once that is stored; every other one stays, and is known by its unique id while the process lives.
/// </summary>
/// <param name="ids">The unique ids (UIDL) of all mails, in the server's order.</param>
/// <param name="leftAlone">The ids of mails that were looked at before and stay.</param>
internal sealed class Pop3BounceMailbox(
    Pop3Client client,
    IList<string> ids,
    HashSet<string> leftAlone,
    TimeSpan pause,
    TimeProvider clock
) : IBounceMailbox
{
    /// <summary>The server deletes at the end of a session, so a long one would lose much with its line.</summary>
    private const int MaxOfSession = 200;

    private bool _hasMore;

    /// <exception cref="NotSupportedException">The server gives mails no unique ids.</exception>
    public static async Task<Pop3BounceMailbox> OpenAsync(
        Pop3Client client,
        BounceMailboxOptions options,
        HashSet<string> leftAlone,
        TimeProvider clock,
        CancellationToken ct
    ) => new(client, await client.GetMessageUidsAsync(ct), leftAlone, options.Pause, clock);

    public async Task TakeInAsync(Func<MimeMessage, CancellationToken, Task<bool>> store, CancellationToken ct)
    {
        leftAlone.IntersectWith(ids);
        List<int> unread = [.. Enumerable.Range(0, ids.Count).Where(at => !leftAlone.Contains(ids[at]))];
        _hasMore = unread.Count > MaxOfSession;
        foreach (var at in unread.Take(MaxOfSession))
        {
            using var limit = BounceMailboxLine.Limited(ct);
            if (await TellsAsync(at, store, limit.Token, ct))
            {
                await client.DeleteMessageAsync(at, limit.Token);
            }
            else
            {
                leftAlone.Add(ids[at]);
            }
        }
    }

    /// <summary>Ends the session, which is what deletes.</summary>
    public async Task<bool> WaitAsync(CancellationToken ct)
    {
        using var limit = BounceMailboxLine.Limited(ct);
        await client.DisconnectAsync(quit: true, limit.Token);
        await Task.Delay(_hasMore ? TimeSpan.Zero : pause, clock, ct);
        return false;
    }

    public void Dispose() => client.Dispose();

    private async Task<bool> TellsAsync(
        int at,
        Func<MimeMessage, CancellationToken, Task<bool>> store,
        CancellationToken limit,
        CancellationToken ct
    )
    {
        if (await client.GetMessageSizeAsync(at, limit) > BounceMailboxLine.MaxBytes)
        {
            return false;
        }

        using var mail = await client.GetMessageAsync(at, limit);
        return await store(mail, ct);
    }
}
