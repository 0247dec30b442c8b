using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>Paths, forms and examples: what handlers read by other ways than a parameter, and what is told best by showing it.</summary>
internal sealed class DescribeBodies : IOpenApiOperationTransformer
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private const string Submission = """
        {
          "key": "0199c1c2-7a30-7c4e-9f51-3f0c6a2b8d11",
          "submittedAt": "2026-11-23T10:00:00Z",
          "form": { "id": "4", "title": "Contact", "url": "https://shop.example/contact/", "locale": "fr_FR" },
          "fields": { "your-name": "Ann O'Brien", "your-email": "ann@example.org", "your-city": "Turin", "topics": ["news", "offers"] },
          "visitor": { "ip": "203.0.113.7", "userAgent": "Mozilla/5.0" },
          "subscribe": [
            {
              "list": "lst_0199c1c27a307c4e9f513f0c6a2b8d12", "email": "your-email", "name": "your-name", "properties": { "city": "your-city" },
              "consent": { "given": true, "text": "Yes, send me the newsletter.", "policyUrl": "https://shop.example/privacy", "policyVersion": "2026-05" }
            }
          ]
        }
        """;

    private const string Accepted = """{ "id": "sub_0199c1c27a317b0e8a4c5d6e7f809102" }""";

    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        NamePathParameters(operation, context.Description.RelativePath!);
        switch (operation.OperationId)
        {
            case nameof(ReceiveSubmission):
                operation.RequestBody!.Content![Json].Example = JsonNode.Parse(Submission);
                operation.Responses!["202"].Content![Json].Example = JsonNode.Parse(Accepted);
                break;
            case nameof(ReceiveSubmissionBatch):
                operation.RequestBody!.Content![Json].Example = new JsonObject { ["items"] = new JsonArray(JsonNode.Parse(Submission)) };
                break;
            case nameof(IssueToken):
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType> { [Form] = new() { Schema = TokenForm() } },
                };
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// The site is read by the authentication, and a template by a parameter that binds itself, so no handler has their ids.
    /// </summary>
    private static void NamePathParameters(OpenApiOperation operation, string path)
    {
        operation.Parameters ??= [];
        Name(operation, path, "site", "The site's id, `site_…`.");
        Name(operation, path, "id", "The template's id, `tpl_…`.");
    }

    private static void Name(OpenApiOperation operation, string path, string name, string description)
    {
        if (path.Contains($"{{{name}}}", StringComparison.Ordinal) && operation.Parameters!.All(parameter => parameter.Name != name))
        {
            operation.Parameters!.Insert(
                0,
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Description = description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }
    }

    private static OpenApiSchema TokenForm() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "`client_id` and `client_secret` stand here or in HTTP Basic, not in both.",
            Required = new HashSet<string> { "grant_type" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["grant_type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["client_credentials"] },
                ["client_id"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["client_secret"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["scope"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "Scopes, separated by spaces; all when left out.",
                },
            },
        };
}
