using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>
/// The description of the API at <c>/openapi/v1.json</c>, and a page to read it at <c>/docs</c>. It is the same on every installation.
/// </summary>
internal static class ApiDescriptionSetup
{
    private static readonly string[] Included = ["v1/", "oauth/"];

    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services
            .AddSingleton<DescriptionEndpoint>()
            .AddOpenApi(
                DescriptionEndpoint.Document,
                options =>
                {
                    options.ShouldInclude = api =>
                        Included.Any(start => api.RelativePath?.StartsWith(start, StringComparison.Ordinal) == true);
                    options.CreateSchemaReferenceId = NameOf;
                    options.AddSchemaTransformer<DescribeSchemas>();
                    options.AddOperationTransformer<DescribeOperations>();
                    options.AddOperationTransformer<DescribeCallers>();
                    options.AddOperationTransformer<DescribeKeys>();
                    options.AddOperationTransformer<DescribeVersions>();
                    options.AddOperationTransformer<DescribeProblems>();
                    options.AddOperationTransformer<DescribeBodies>();
                    options.AddDocumentTransformer<DescribeOperations>();
                    options.AddDocumentTransformer<DescribeSchemas>();
                    options.AddDocumentTransformer<DescribeCallers>();
                    options.AddDocumentTransformer<DescribeProblems>();
                    options.AddDocumentTransformer((document, _, _) => Describe(document));
                }
            );

    public static void MapApiDescription(this IEndpointRouteBuilder app)
    {
        DescriptionEndpoint.Map(app);
        DocsPage.Map(app);
    }

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "Gateway",
            Version = "1",
            Description =
                "Takes form submissions in, asks people to confirm, and keeps contact lists. Times are ISO 8601 in UTC, ids are opaque "
                + "texts with a short prefix.",
            Contact = new() { Name = "The operator of this gateway" },
            License = new() { Name = "MIT", Identifier = "MIT" },
        };

        // The address differs from installation to installation: it is the one this description was read at.
        document.Servers = [new() { Url = "/", Description = "The gateway that this description comes from." }];
        return Task.CompletedTask;
    }

    /// <summary>Use cases nest their <c>Request</c> and <c>Response</c>; outside they need a name of their own.</summary>
    private static string? NameOf(JsonTypeInfo type) =>
        type.Type == typeof(ProblemDetails) ? DescribeProblems.Schema
        : OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name && type.Type.DeclaringType is { } outer ? outer.Name + name
        : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
}
