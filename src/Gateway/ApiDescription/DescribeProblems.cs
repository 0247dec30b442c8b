using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>
/// Lists the problems that an operation may answer, with their codes. Most follow from what the operation is, so that no endpoint has to
/// repeat them.
/// </summary>
internal sealed class DescribeProblems : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    public const string Schema = "Problem";
    private const string MediaType = "application/problem+json";

    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var meanings = new Dictionary<int, string>();
        foreach (var (status, meaning) in Follow(operation, context))
        {
            meanings[status] = meaning;
        }

        foreach (var note in context.Description.ActionDescriptor.EndpointMetadata.OfType<ProblemNote>())
        {
            meanings[note.Status] = meanings.TryGetValue(note.Status, out var known) ? $"{known} {note.Meaning}" : note.Meaning;
        }

        foreach (var status in operation.Responses!.Keys.Where(status => status[0] is '4' or '5'))
        {
            meanings.TryAdd(int.Parse(status, CultureInfo.InvariantCulture), Usual(status));
        }

        foreach (var (status, meaning) in meanings.OrderBy(one => one.Key))
        {
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = meaning,
                Headers = status is 429 or 503 ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = RetryAfter() } : null,
                Content = ContentOf(operation, status, context.Document!),
            };
        }

        return Task.CompletedTask;
    }

    public async Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.AddComponent<IOpenApiSchema>(
            Schema,
            await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken)
        );
        document.AddComponent<IOpenApiSchema>(
            nameof(OAuthError),
            await context.GetOrCreateSchemaAsync(typeof(OAuthError), null, cancellationToken)
        );
    }

    /// <summary>OAuth has an answer of its own for what is wrong with a token request; everything else is a problem.</summary>
    private static Dictionary<string, OpenApiMediaType> ContentOf(OpenApiOperation operation, int status, OpenApiDocument document) =>
        operation.OperationId == nameof(IssueToken) && status is (400 or 401)
            ? new() { ["application/json"] = new() { Schema = new OpenApiSchemaReference(nameof(OAuthError), document) } }
            : new() { [MediaType] = new() { Schema = new OpenApiSchemaReference(Schema, document) } };

    private static IEnumerable<(int Status, string Meaning)> Follow(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context
    )
    {
        var policies = DescribeCallers.PoliciesOf(context);
        var isSigned = policies.Contains(Policies.Plugin);
        if (operation.RequestBody is not null || operation.Parameters is { Count: > 0 })
        {
            yield return (400, Usual("400"));
        }

        if (operation.OperationId == nameof(IssueToken))
        {
            yield return (400, "`invalid_request`, `unsupported_grant_type`, `invalid_scope` (RFC 6749, section 5.2).");
            yield return (401, "`invalid_client`: the client id or the client secret is missing, wrong, or was replaced.");
        }
        else if (isSigned)
        {
            yield return (
                401,
                "`invalid_signature`: the signature does not fit the site and the body. `clock_skew`: it is older or newer than five "
                    + "minutes; `serverTime` says by how much."
            );
        }
        else if (policies.Count > 0)
        {
            yield return (401, "`unauthorized`: the access token is missing, expired or not valid here.");
            yield return (403, "`forbidden`: the access token does not have the scope that is needed here.");
        }

        if (operation.OperationId == nameof(AddHook))
        {
            yield return (
                409,
                "`event_not_enabled`: the site does not share submissions. `too_many_hooks`: it has as many as it can have."
            );
        }
        else if (operation.OperationId == nameof(ReplayDelivery))
        {
            yield return (409, "`hook_ended`: it is called no more.");
        }

        if (!isSigned && context.Description.RelativePath!.Contains('{'))
        {
            yield return (404, "`not_found`: the site has nothing under this id.");
        }

        // The token request reads its form by itself, so it shows no body yet.
        var isToken = operation.OperationId == nameof(IssueToken);
        if (operation.RequestBody is not null || isToken)
        {
            yield return (413, "`too_large`: the body is too large.");
        }

        if (operation.RequestBody is not null && !isToken)
        {
            yield return (415, "`unsupported_media_type`: the body has another media type than the one described here.");
        }

        yield return (429, "`rate_limited`: too many requests at once.");
        yield return (500, "`internal`: an error of the gateway, logged under the trace id.");
        yield return (503, "`unavailable`, `busy`: the storage cannot take it at the moment. Nothing was kept; try again.");
    }

    private static string Usual(string status) =>
        status switch
        {
            "400" => "`invalid_request`: `errors` names the fields.",
            "401" => "`unauthorized`, or what `code` says.",
            "409" => "`key_reused`: the key was used before for other content.",
            _ => "`code` says why.",
        };

    private static OpenApiHeader RetryAfter() =>
        new()
        {
            Description = "Seconds to wait.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        };
}
