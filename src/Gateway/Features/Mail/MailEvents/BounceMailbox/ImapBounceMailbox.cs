using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MimeKit;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>Read by IMAP: the line stays open, the server says when something arrives, and what was read is marked as seen.</summary>
internal sealed class ImapBounceMailbox(ImapClient client, IMailFolder folder, TimeSpan pause, TimeProvider clock) : IBounceMailbox
{
    /// <summary>RFC 2177 asks for an end before half an hour; many firewalls forget a quiet line sooner.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(9);

    /// <exception cref="FolderNotFoundException">There is no such folder.</exception>
    public static async Task<ImapBounceMailbox> OpenAsync(
        ImapClient client,
        BounceMailboxOptions options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var folder = await client.GetFolderAsync(options.Folder, ct);
        await folder.OpenAsync(FolderAccess.ReadWrite, ct);
        return new(client, folder, options.Pause, clock);
    }

    public async Task TakeInAsync(Func<MimeMessage, CancellationToken, Task<bool>> store, CancellationToken ct)
    {
        using var search = BounceMailboxLine.Limited(ct);
        var unseen = await folder.SearchAsync(SearchQuery.NotSeen, search.Token);
        if (unseen.Count == 0)
        {
            return;
        }

        var sizes = (await folder.FetchAsync(unseen, MessageSummaryItems.Size | MessageSummaryItems.UniqueId, search.Token)).ToDictionary(
            one => one.UniqueId,
            one => one.Size ?? 0
        );
        foreach (var id in unseen)
        {
            using var limit = BounceMailboxLine.Limited(ct);
            if (sizes.GetValueOrDefault(id) <= BounceMailboxLine.MaxBytes)
            {
                using var mail = await folder.GetMessageAsync(id, limit.Token);
                await store(mail, ct);
            }

            await folder.AddFlagsAsync(id, MessageFlags.Seen, silent: true, limit.Token);
        }
    }

    public async Task<bool> WaitAsync(CancellationToken ct)
    {
        if (!client.Capabilities.HasFlag(ImapCapabilities.Idle))
        {
            await Task.Delay(pause, clock, ct);
            await client.NoOpAsync(ct);
            return true;
        }

        using var arrived = new CancellationTokenSource(Idle);
        void Wake(object? sender, EventArgs change) => arrived.Cancel();
        folder.CountChanged += Wake;
        try
        {
            await client.IdleAsync(arrived.Token, ct);
        }
        finally
        {
            folder.CountChanged -= Wake;
        }

        return true;
    }

    public void Dispose() => client.Dispose();
}
