namespace Gateway.Features.Webhooks;

/// <summary>What came of a delivery.</summary>
/// <param name="Answer">The status, or a short sentence, without anything the receiver wrote: it is shown to people.</param>
internal abstract record DeliveryOutcome(string Answer)
{
    /// <summary>The receiver has it.</summary>
    public sealed record Delivered(string Answer) : DeliveryOutcome(Answer);

    /// <summary>The receiver said that the hook is no longer wanted (410).</summary>
    public sealed record Gone(string Answer) : DeliveryOutcome(Answer);

    /// <summary>Anything else is tried again.</summary>
    public sealed record Later(string Answer, TimeSpan? RetryAfter = null) : DeliveryOutcome(Answer);

    /// <summary>There is nothing to tell any more: the hook ended or the event was erased.</summary>
    public sealed record Moot(string Answer) : DeliveryOutcome(Answer);
}
