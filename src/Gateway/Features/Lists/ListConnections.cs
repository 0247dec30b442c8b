using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Lists;

/// <summary>Which connections a change goes over: the site's account at the provider, and the list there.</summary>
internal static class ListConnections
{
    public const string Queue = "lists";

    /// <summary>Each site finds out by itself, so that what one site's list meets holds up nobody else's.</summary>
    public static string Account(ContactList list) => $"{Queue}/{list.ConnectionId?.ToString("N") ?? list.Provider}/{list.SiteId:N}";

    public static string List(ContactList list) => $"{Queue}/list/{list.Id:N}";

    /// <returns>The list that a connection is about; null where it is an account.</returns>
    public static Guid? ListIn(string connection) =>
        connection.Split('/') is [Queue, "list", var id] && Guid.TryParseExact(id, "N", out var list) ? list : null;

    /// <summary>What is held after an outcome that holds up others.</summary>
    public static HeldConnection Of(ContactList list, ListOutcome.Held held) =>
        new(Queue, held.IsList ? List(list) : Account(list), list.SiteId, held.Error);
}

/// <summary>A connection that lists are kept over stays.</summary>
internal sealed class ListConnectionUse(ListStore lists) : IConnectionUse
{
    public async Task<IReadOnlyList<string>> OfAsync(Guid connectionId, CancellationToken ct) =>
        [
            .. (await lists.OverConnectionAsync(connectionId, ct)).Select(list =>
                $"the list \"{list.Name}\" ({PublicId.Format(PublicId.List, list.Id)})"
            ),
        ];
}
