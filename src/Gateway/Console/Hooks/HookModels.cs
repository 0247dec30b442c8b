using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.Hooks;

/// <summary>A hook in a table. Public, like the components, because Razor makes them so.</summary>
/// <param name="Address">For those who may change it all of it, which can hold a secret; for others the host.</param>
public sealed record HookRow(string Id, string Address, IReadOnlyList<string> Events, bool IsSigned, DateTime CreatedAt)
{
    internal static HookRow Of(Hook hook, bool whole) =>
        new(
            PublicId.Format(PublicId.Hook, hook.Id),
            whole ? hook.Url : HookUrl.HostOf(hook.Url),
            EventTypes.Split(hook.Event),
            hook.ProtectedSecret is not null,
            hook.CreatedAt
        );
}

/// <summary>An event that was sent to a hook, or waits.</summary>
/// <param name="Type">What happened; null when that was erased.</param>
/// <param name="State">As the API names it.</param>
/// <param name="Answer">What the receiver answered, or why there was no answer.</param>
public sealed record DeliveryRow(string Id, string? Type, string State, string? Answer, int Attempts, DateTime CreatedAt, DateTime? DueAt)
{
    /// <summary>Of the badge.</summary>
    public string? Mark =>
        State switch
        {
            "delivered" => "good",
            "failed" => "bad",
            _ => null,
        };

    internal static DeliveryRow Of(DeliveryOfEvent one) =>
        new(
            PublicId.Format(PublicId.Delivery, one.Delivery.Id),
            one.Type,
            CaseConverter.Lower(one.Delivery.State.ToString()),
            one.Delivery.Answer,
            one.Delivery.Attempts,
            one.Delivery.CreatedAt,
            one.Delivery.DueAt
        );
}

/// <summary>What the form of a new hook says.</summary>
public sealed record AskedHook(string Url, IReadOnlyCollection<string> Events, bool IsSigned)
{
    /// <summary>None yet.</summary>
    public static readonly AskedHook Empty = new("", [], IsSigned: true);
}
