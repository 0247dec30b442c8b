using Gateway.Console.Layout;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Hooks;

/// <summary>A hook in a table. Public, like the components, because Razor makes them so.</summary>
/// <param name="Name">Its host, by which people know it.</param>
/// <param name="Address">For those who may change it all of it, which can hold a secret; for others the host.</param>
public sealed record HookRow(string Id, string Name, string Address, IReadOnlyList<string> Events, bool IsSigned, DateTime CreatedAt)
{
    /// <summary>How it is doing, in a table of hooks.</summary>
    public HookWord? State { get; init; }

    /// <summary>The site that has it, on a page that is about several.</summary>
    public AdminSiteLink? Site { get; init; }

    internal static HookRow Of(Hook hook, bool whole) =>
        new(
            PublicId.Format(PublicId.Hook, hook.Id),
            HookUrl.NameOf(hook.Url),
            whole ? hook.Url : HookUrl.HostOf(hook.Url),
            EventTypes.Split(hook.Event),
            hook.ProtectedSecret is not null,
            hook.CreatedAt
        );

    internal static HookRow Of(HookState state, bool whole) => Of(state.Hook, whole) with { State = HookWord.Of(state) };
}

/// <summary>How a hook is doing, in a few words.</summary>
/// <param name="Kind">Of the badge; null for a plain one.</param>
/// <param name="NewestAt">When the newest event for it happened; null where there was none.</param>
public sealed record HookWord(string Text, string? Kind, DateTime? NewestAt)
{
    internal static HookWord Of(HookState state) =>
        state switch
        {
            { IsFailing: true } => new(T("takes no events"), "bad", state.NewestAt),
            { Newest: DeliveryState.Delivered } => new(T("works"), "good", state.NewestAt),
            { Newest: DeliveryState.Failed } => new(T("the last event failed"), "bad", state.NewestAt),
            { Newest: DeliveryState.Waiting } => new(T("an event waits"), null, state.NewestAt),
            _ => new(T("nothing sent yet"), null, state.NewestAt),
        };
}

/// <summary>An event that was sent to a hook, or waits.</summary>
/// <param name="Type">What happened; null when that was erased.</param>
/// <param name="State">As the API names it.</param>
/// <param name="Answer">What the receiver answered, or why there was no answer.</param>
public sealed record DeliveryRow(string Id, string? Type, string State, string? Answer, int Attempts, DateTime CreatedAt, DateTime? DueAt)
{
    /// <summary>The state, for people.</summary>
    public string Word => WordOf(State);

    /// <param name="state">As the API names it.</param>
    internal static string WordOf(string state) =>
        state switch
        {
            "waiting" => T("waiting"),
            "delivered" => T("delivered"),
            "failed" => T("failed"),
            "dropped" => T("dropped"),
            _ => state,
        };

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
            TStored(one.Delivery.Answer),
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
