using System.Data.Common;
using Gateway.Infrastructure.Security;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure;

/// <summary>What stops a start for a reason the operator can fix is told in a sentence for each error, without a stack trace.</summary>
internal static class StartupErrors
{
    private const string Details = "Logging__LogLevel__Default";

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
            StartupError one => one.Sentences,
            Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 5 } =>
            [
                "Another program holds the database, such as `gateway move` or `gateway restore`, and did not let it go.",
            ],
            DbException database => [$"The database does not work as ConnectionStrings__Gateway names it: {database.Message}"],
            InvalidDataException { InnerException: FormatException or System.Text.Json.JsonException } file =>
            [
                $"A file of settings cannot be read: {file.Message} {file.InnerException!.Message}",
            ],
            UnauthorizedAccessException denied => [$"This user may not do what is needed: {denied.Message}"],
            IOException file => [$"A file or folder of the settings cannot be used: {file.Message}"],
            _ => null,
        };

    /// <returns>What is told of a bug: a sentence, and where in the program it happened to those who asked for details.</returns>
    public static string Unforeseen(Exception bug) =>
        $"Something happened that was not foreseen: {bug.GetType().Name}: {bug.Message}\n"
        + (
            Environment.GetEnvironmentVariable(Details) is { } level
            && Enum.TryParse<LogLevel>(level, true, out var asked)
            && asked <= LogLevel.Debug
                ? bug.ToString()
                : $"With {Details}=Debug it is told where."
        );
}
