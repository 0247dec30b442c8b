using System.Reflection;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>
/// The header that makes a request safe to repeat, wherever a handler asks for it; it binds itself, so the generator does not see it.
/// </summary>
internal sealed class DescribeKeys : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var handler = context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault();
        if (handler?.GetParameters().Any(parameter => parameter.ParameterType == typeof(IdempotencyKey)) == true)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = IdempotencyKey.Header,
                    In = ParameterLocation.Header,
                    Required = true,
                    Description =
                        "Made once for this request and kept over its retries. The same key and content get the same answer, with "
                        + "`Idempotent-Replayed: true`; "
                        + "the same key with other content is a 409.",
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        MinLength = 1,
                        MaxLength = IdempotencyKey.Longest,
                        Pattern = "^[ -~]+$",
                    },
                }
            );
        }

        return Task.CompletedTask;
    }
}
