using System.Data.Common;
using Gateway.Infrastructure.Security;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure;

/// <summary>What stops a start for a reason the operator can mend is told in a sentence for each error, without a stack trace.</summary>
internal static class StartupErrors
{
    /// <returns>Null when the exception is a bug.</returns>
    public static IReadOnlyList<string>? Sentences(Exception error) =>
        error switch
        {
            OptionsValidationException invalid => [.. invalid.Failures],
            AggregateException many when many.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            // Options that rest on faulty ones repeat their errors.
            [
                .. many.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures).Distinct(),
            ],
            StartupError one => [one.Message],
            DbException database => [$"The database does not work as ConnectionStrings__Gateway names it: {database.Message}"],
            _ => null,
        };
}
