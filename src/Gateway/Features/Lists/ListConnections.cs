using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists;

/// <summary>Which connections a change goes over: the site's account at the provider, and the list there.</summary>
internal static class ListConnections
{
    public const string Queue = "lists";

    /// <summary>Each site finds out by itself, so that what one site's list meets holds up nobody else's.</summary>
    public static string Account(ContactList list) => $"{Queue}/{list.Provider}/{list.SiteId:N}";

    public static string List(ContactList list) => $"{Queue}/list/{list.Id:N}";

    /// <summary>What is held after an outcome that holds up others.</summary>
    public static HeldConnection Of(ContactList list, ListOutcome.Held held) =>
        new(Queue, held.IsList ? List(list) : Account(list), list.SiteId, held.Error);
}
