using System.Text;
using Gateway.Infrastructure.Security;

namespace Gateway.Console.Templates;

/// <summary>
/// The HTML of previews, for the moment until a frame of the page loads it: a frame with an address has a content security policy of its
/// own, while one with
/// <c>srcdoc</c> has that of the page, which allows no style of a mail. In memory, for whoever made it, and never for long.
/// </summary>
internal sealed class PreviewFrames(TimeProvider clock)
{
    /// <summary>Of one session: a preview that is newer makes the older ones useless.</summary>
    private const int MaxOfSession = 4;
    private const int MaxBytes = 32 * 1024 * 1024;
    private const int IdBytes = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly Lock _lock = new();

    /// <summary>The newest first.</summary>
    private List<Frame> _frames = [];

    /// <returns>The id by which the frame finds it.</returns>
    public string Keep(Guid session, string html)
    {
        var added = new Frame(Secrets.Random(IdBytes), session, Encoding.UTF8.GetBytes(html), clock.GetUtcNow() + Lifetime);
        lock (_lock)
        {
            _frames = [.. Kept([added, .. _frames], session)];
        }

        return added.Id;
    }

    /// <returns>Null when it is too old, or somebody else's.</returns>
    public byte[]? Find(Guid session, string id)
    {
        lock (_lock)
        {
            return _frames.Find(frame => frame.Id == id && frame.Session == session && frame.Until > clock.GetUtcNow())?.Html;
        }
    }

    private IEnumerable<Frame> Kept(IEnumerable<Frame> frames, Guid session)
    {
        var (now, bytes, ofSession) = (clock.GetUtcNow(), 0, 0);
        foreach (var frame in frames.Where(frame => frame.Until > now))
        {
            bytes += frame.Html.Length;
            ofSession += frame.Session == session ? 1 : 0;
            if (bytes <= MaxBytes && (frame.Session != session || ofSession <= MaxOfSession))
            {
                yield return frame;
            }
        }
    }

    private sealed record Frame(string Id, Guid Session, byte[] Html, DateTimeOffset Until);
}
