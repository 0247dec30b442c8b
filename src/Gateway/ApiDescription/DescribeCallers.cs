using Gateway.Features.Sites;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>Says who may call what, as the endpoints' own policies have it: the plugin by signature, everybody else by token.</summary>
internal sealed class DescribeCallers : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    private const string Bearer = "bearer";
    private const string ClientSecret = "clientSecret";

    private static readonly (string Name, string Header, string Meaning)[] Signature =
    [
        ("webhookId", WebhookSignature.IdHeader, "The message's id, the same at every retry; for a single submission its key."),
        ("webhookTimestamp", WebhookSignature.TimestampHeader, "Seconds since 1970, at most five minutes away from the gateway's clock."),
        (
            "webhookSignature",
            WebhookSignature.SignatureHeader,
            "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body` with the site's signing secret (Standard Webhooks)."
        ),
    ];

    /// <returns>The policies an endpoint asks for.</returns>
    public static IReadOnlyList<string> PoliciesOf(OpenApiOperationTransformerContext context) =>
        [.. context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>()];

    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var policies = PoliciesOf(context);
        if (policies.Contains(Policies.Plugin))
        {
            operation.Security = [Requirement(Signature.Select(part => part.Name), [])];
        }
        else if (policies.Count > 0)
        {
            operation.Security = [Requirement([Bearer], [.. policies.SelectMany(policy => Policies.ScopesOf(policy).Take(1))])];
        }
        else if (operation.OperationId == nameof(IssueToken))
        {
            // The client may also name itself in the form.
            operation.Security = [Requirement([ClientSecret], []), new OpenApiSecurityRequirement()];
        }

        return Task.CompletedTask;

        OpenApiSecurityRequirement Requirement(IEnumerable<string> names, List<string> scopes)
        {
            var requirement = new OpenApiSecurityRequirement();
            foreach (var name in names)
            {
                requirement[new OpenApiSecuritySchemeReference(name, context.Document)] = scopes;
            }

            return requirement;
        }
    }

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.AddComponent<IOpenApiSecurityScheme>(
            Bearer,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description =
                    $"An access token from `POST /oauth/token`. Scopes: {string.Join(", ", Scopes.All.Select(scope => $"`{scope}`"))}.",
            }
        );
        document.AddComponent<IOpenApiSecurityScheme>(
            ClientSecret,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "basic",
                Description = "The client id and the client secret of an API key, each form-encoded (RFC 6749, section 2.3.1).",
            }
        );
        foreach (var (name, header, meaning) in Signature)
        {
            document.AddComponent<IOpenApiSecurityScheme>(
                name,
                new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Header,
                    Name = header,
                    Description = meaning,
                }
            );
        }

        return Task.CompletedTask;
    }
}
