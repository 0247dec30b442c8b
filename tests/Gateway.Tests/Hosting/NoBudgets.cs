using Gateway.Features.OptIn.Budgets;

namespace Gateway.Tests.Hosting;

/// <summary>Settings under which every confirmation mail goes out: many tests write to few addresses, and none may ask the DNS.</summary>
internal static class NoBudgets
{
    public static IReadOnlyDictionary<string, string> Settings { get; } =
        typeof(ConfirmationOptions.BudgetOptions)
            .GetProperties()
            .Where(limit => limit.PropertyType == typeof(int))
            .Select(limit => (Name: $"Confirmations__Budget__{limit.Name}", Value: "0"))
            .Append((Name: "Confirmations__Breaker__Mode", Value: "off"))
            .Append((Name: "Mail__Budget__MailboxPerHour", Value: "0"))
            .Append((Name: "Mail__Budget__SitePerDay", Value: "0"))
            .Append((Name: "Confirmations__Domains__AskDns", Value: "false"))
            .ToDictionary(one => one.Name, one => one.Value);
}
