using Gateway.Features.Contacts;

namespace Gateway.Features.Imports.Reading;

/// <summary>What a cell says about whether somebody still gets mail, in the words of providers' exports.</summary>
/// <param name="IsOn">Whether they are on the list.</param>
/// <param name="Reason">Why nobody writes to them; null with <paramref name="IsOn"/> false where they never confirmed.</param>
internal sealed record RowStatus(bool IsOn, SuppressionReason? Reason = null)
{
    private static readonly RowStatus On = new(IsOn: true);
    private static readonly RowStatus Unconfirmed = new(IsOn: false);
    private static readonly RowStatus Left = new(IsOn: false, SuppressionReason.Unsubscribed);
    private static readonly RowStatus Bounced = new(IsOn: false, SuppressionReason.Bounced);
    private static readonly RowStatus Complained = new(IsOn: false, SuppressionReason.Complained);

    private static readonly Dictionary<string, RowStatus> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = On,
        ["subscribed"] = On,
        ["active"] = On,
        ["confirmed"] = On,
        ["enabled"] = On,
        ["pending"] = Unconfirmed,
        ["unconfirmed"] = Unconfirmed,
        ["non-subscribed"] = Unconfirmed,
        ["transactional"] = Unconfirmed,
        ["unsubscribed"] = Left,
        ["inactive"] = Left,
        ["excluded"] = Left,
        ["blocked"] = Left,
        ["blacklisted"] = Left,
        ["blocklisted"] = Left,
        ["disabled"] = Left,
        ["removed"] = Left,
        ["bounced"] = Bounced,
        ["cleaned"] = Bounced,
        ["hard_bounce"] = Bounced,
        ["complained"] = Complained,
        ["spam"] = Complained,
        ["junk"] = Complained,
        ["abuse"] = Complained,
    };

    /// <returns>Null when it is none of the words.</returns>
    public static RowStatus? Of(string cell) => Words.GetValueOrDefault(cell);
}
