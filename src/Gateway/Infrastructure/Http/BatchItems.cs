using System.Runtime.InteropServices;
using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Infrastructure.Http;

/// <param name="Results">One for each item, in the order of the items.</param>
internal sealed record BatchResponse(IReadOnlyList<BatchResult> Results);

/// <param name="Key">The item's key; null when it could not be read.</param>
/// <param name="Status">The HTTP status that the item would have got by itself.</param>
internal sealed record BatchResult(string? Key, int Status, string? Id, ProblemDetails? Problem)
{
    public static BatchResult Refused(string? key, ProblemHttpResult problem) =>
        new(key, problem.StatusCode, null, problem.ProblemDetails);
}

/// <summary>An item as it was read.</summary>
/// <param name="Value">Null when it was refused.</param>
/// <param name="Raw">Its bytes as they came.</param>
/// <param name="Refused">Why it was refused.</param>
internal sealed record BatchItem<T>(T? Value, byte[] Raw, BatchResult? Refused)
    where T : class;

/// <summary>Bodies that hold many items, each read and answered by itself: one bad item never fails the others.</summary>
internal static class BatchItems
{
    public const int Max = 100;

    /// <summary>Of a whole body.</summary>
    public const int BodyBytes = 4 * 1024 * 1024;

    /// <param name="what">What an item is, in words: <c>a submission</c>.</param>
    /// <param name="most">Bytes of one item.</param>
    /// <returns>The item and its bytes, or why it was refused.</returns>
    public static BatchItem<T> Read<T>(JsonElement item, string what, int most, IValidator<T> validator, Func<T, string?> key)
        where T : class
    {
        var raw = JsonMarshal.GetRawUtf8Value(item).ToArray();
        if (raw.Length > most)
        {
            return Refuse(
                null,
                Problems.Of(
                    StatusCodes.Status413PayloadTooLarge,
                    "too_large",
                    $"{char.ToUpperInvariant(what[0])}{what[1..]} may have at most {most / 1024} KiB."
                )
            );
        }

        T? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize<T>(raw, JsonSerializerOptions.Web);
        }
        catch (JsonException unreadable)
        {
            return Refuse(
                null,
                Problems.Invalid(
                    (unreadable.Path ?? "").TrimStart('$').TrimStart('.'),
                    "The JSON cannot be read here: check its syntax and the type of this value."
                )
            );
        }

        return parsed is null ? Refuse(null, Problems.Invalid("", $"An item is {what}: a JSON object."))
            : validator.Validate(parsed) is { IsValid: false } errors ? Refuse(key(parsed), Problems.Invalid(errors.ByField()))
            : new(parsed, raw, null);

        BatchItem<T> Refuse(string? named, ProblemHttpResult problem) => new(null, raw, BatchResult.Refused(named, problem));
    }
}
