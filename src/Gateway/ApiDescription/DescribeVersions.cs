using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>
/// The headers by which of two who change the same thing the second hears of the first; no handler has them as a parameter.
/// </summary>
internal sealed class DescribeVersions : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<Versions.Compared>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = "If-Match",
                    In = ParameterLocation.Header,
                    Description =
                        "The `ETag` of what you read. When somebody else has changed it since, nothing happens and the answer is 412; "
                        + "without the header it is changed whatever it is by now.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }

        if (metadata.OfType<Versions.Told>().Any() && operation.Responses?.GetValueOrDefault("200") is OpenApiResponse read)
        {
            read.Headers ??= new Dictionary<string, IOpenApiHeader>();
            read.Headers["ETag"] = new OpenApiHeader
            {
                Description = "The version of what can be changed of it, for `If-Match`.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }

        return Task.CompletedTask;
    }
}
