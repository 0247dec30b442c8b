namespace Gateway.Features.Sites;

/// <summary>The senders that a site may name, of one channel. Each channel registers its own.</summary>
internal interface ISenders
{
    /// <summary>One of <see cref="Channels"/>.</summary>
    string Channel { get; }

    /// <returns>The one that is taken when a caller names none comes first.</returns>
    Task<IReadOnlyList<SenderResponse>> OfAsync(Site site, CancellationToken ct);
}

/// <param name="Id">What <c>sender</c> and <c>from</c> take.</param>
/// <param name="Name">For people.</param>
/// <param name="Channel"><c>mail</c> or <c>sms</c>.</param>
/// <param name="Provider">Who sends it, such as <c>smtp</c> or <c>twilio</c>.</param>
internal sealed record SenderResponse(string Id, string Name, string Channel, string Provider);

/// <summary>Ways to reach people, as the API names them.</summary>
internal static class Channels
{
    public const string Mail = "mail";
    public const string Sms = "sms";
}
