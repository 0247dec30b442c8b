using FluentValidation;

namespace Gateway.Infrastructure.Text;

/// <summary>What validators ask of a field that holds an address.</summary>
internal static class AddressRules
{
    /// <summary>One valid address; nothing at all passes too where the field may be left out.</summary>
    public static IRuleBuilderOptionsConditions<T, string?> IsOneAddress<T>(
        this IRuleBuilder<T, string?> rule,
        bool isOptional = false
    ) =>
        rule.Custom(
            (typed, context) =>
            {
                if (!(isOptional && typed is null) && Error(context.PropertyPath, typed) is { } error)
                {
                    context.AddFailure(error);
                }
            }
        );

    /// <returns>A sentence that names the field; null when it holds one valid address.</returns>
    public static string? Error(string field, string? typed) =>
        EmailAddress.Parse(typed, out var error) is null ? $"{field} is one address, such as ann@example.org. {error}" : null;
}
