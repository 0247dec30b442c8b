using Gateway.Features.Submissions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Features.Operations.ApiDescription;

/// <summary>Corrects what the generator cannot know: what may be left out, and what converters and validators make of a type.</summary>
internal sealed class DescribeSchemas : IOpenApiSchemaTransformer
{
    /// <summary>Declared as absent, since anything may come in, and asked for by the validators.</summary>
    private static readonly Dictionary<Type, string[]> Needed = new()
    {
        [typeof(SubmissionRequest)] = ["fields"],
        [typeof(SubscribeView)] = ["list", "consent"],
        [typeof(ReceiveSubmissionBatch.Request)] = ["items"],
    };

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (schema.Type is { } kind && (kind.HasFlag(JsonSchemaType.Integer) || kind.HasFlag(JsonSchemaType.Number)))
        {
            // Numbers in quotes are read, but nobody should be told to send them.
            schema.Type = kind & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        if (schema.Properties is { Count: > 0 } properties)
        {
            schema.Required = properties.Where(property => !MayBeNull(property.Value) || Needs(type, property.Key)).Select(property => property.Key).ToHashSet();
        }

        if (type == typeof(SubmissionRequest))
        {
            schema.Properties!["fields"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = schema.Properties["fields"].Description,
                AdditionalProperties = FieldValue(),
            };
        }
        else if (type == typeof(ReceiveSubmissionBatch.Request))
        {
            schema.Properties!["items"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MinItems = 1,
                MaxItems = 100,
                Items = new OpenApiSchemaReference(nameof(SubmissionRequest), context.Document),
            };
        }
        else if (type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema FieldValue() => new()
    {
        Description = "One text, or several where the field allows a choice of many.",
        OneOf = [Text(), new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() }],
    };

    /// <summary>RFC 9457, with what every problem here has besides.</summary>
    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "What went wrong (RFC 9457).";
        schema.Required = new HashSet<string> { "status", "code" };
        schema.Properties!["code"] = Text("Stable, for programs; `detail` is for people.");
        schema.Properties["traceId"] = Text("Under which the gateway logged it.");
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Sentences by the name of the field, as the sender writes it.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() },
        };
    }

    private static OpenApiSchema Text(string? description = null) => new() { Type = JsonSchemaType.String, Description = description };

    private static bool Needs(Type type, string property) => Needed.TryGetValue(type, out var names) && names.Contains(property);

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(one => one.Type?.HasFlag(JsonSchemaType.Null) == true) == true;
}
