using System.Text.Json.Serialization.Metadata;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn.ContactsApi;
using Gateway.Features.OptIn.ContactsApi.Batch;
using Gateway.Features.Sms;
using Gateway.Features.Submissions;
using Gateway.Features.Templates.Api;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>Corrects what the generator cannot know: what may be left out, and what converters and validators make of a type.</summary>
internal sealed class DescribeSchemas : IOpenApiSchemaTransformer, IOpenApiDocumentTransformer
{
    /// <summary>Declared as absent, since anything may come in, and asked for by the validators.</summary>
    private static readonly Dictionary<Type, string[]> Needed = new()
    {
        [typeof(SubmissionRequest)] = ["fields"],
        [typeof(SubscribeInput)] = ["list", "consent"],
        [typeof(ReceiveSubmissionBatch.Request)] = ["items"],
        [typeof(AddContact.Request)] = ["email", "list"],
        [typeof(ChangeContacts.Request)] = ["items"],
        [typeof(ContactChange)] = ["key", "action", "email"],
        [typeof(SearchContacts.Request)] = ["email"],
        [typeof(AddTemplate.Request)] = ["key", "kind"],
        [typeof(AcceptMessage.Request)] = ["to", "template"],
        [typeof(AddHook.Request)] = ["event", "url"],
        [typeof(SmsRequest)] = ["to"],
    };

    /// <summary>Of these exactly one is asked for.</summary>
    private static readonly Dictionary<Type, string[]> Either = new() { [typeof(SmsRequest)] = ["text", "template"] };

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (schema.Type is { } kind && (kind.HasFlag(JsonSchemaType.Integer) || kind.HasFlag(JsonSchemaType.Number)))
        {
            // Numbers in quotes are read, but nobody should be told to send them.
            schema.Type = kind & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        if (schema.Properties is { Count: > 0 })
        {
            schema.Required = context
                .JsonTypeInfo.Properties.Where(property => IsThere(property) && schema.Properties.ContainsKey(property.Name))
                .Select(property => property.Name)
                .ToHashSet();
            Need(schema, type);
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
        else if (type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// The items of a batch are read one by one, so their type does not show. References may only be written once all schemas are.
    /// </summary>
    public async Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.AddComponent(
            nameof(ContactChange),
            await context.GetOrCreateSchemaAsync(typeof(ContactChange), null, cancellationToken)
        );
        DescribeItems(document, nameof(ReceiveSubmissionBatch) + nameof(ReceiveSubmissionBatch.Request), nameof(SubmissionRequest));
        DescribeItems(document, nameof(ChangeContacts) + nameof(ChangeContacts.Request), nameof(ContactChange));

        // Where a member is an object, the generator says only now that it may be null.
        foreach (var schema in document.Components!.Schemas!.Values.OfType<OpenApiSchema>())
        {
            foreach (var name in schema.Required ?? new HashSet<string>())
            {
                schema.Properties![name] = NeverNull(schema.Properties[name]);
            }
        }
    }

    private static void DescribeItems(OpenApiDocument document, string batch, string item) =>
        document.Components!.Schemas![batch].Properties!["items"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            MinItems = 1,
            MaxItems = BatchItems.Max,
            Items = new OpenApiSchemaReference(item, document),
        };

    private static OpenApiSchema FieldValue() =>
        new()
        {
            Description = "One text, or several where the field allows a choice of many.",
            OneOf = [Text(), new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() }],
        };

    /// <summary>RFC 9457, with what every problem here has besides.</summary>
    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "What went wrong (RFC 9457).";
        schema.Required = new HashSet<string> { "status", "code" };
        schema.Properties!["status"] = NeverNull(schema.Properties["status"]);
        schema.Properties["code"] = Text("Stable, for programs; `detail` is for people.");
        schema.Properties["traceId"] = Text("Under which the gateway logged it.");
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Sentences by the name of the field, as the sender writes it.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() },
        };
    }

    private static OpenApiSchema Text(string? description = null) => new() { Type = JsonSchemaType.String, Description = description };

    /// <summary>A member that is in every answer, and in every request: one with a default may be left out.</summary>
    private static bool IsThere(JsonPropertyInfo property) =>
        !property.IsGetNullable && property.AssociatedParameter is not { HasDefaultValue: true };

    /// <summary>What must be there cannot be null either, or generated clients would let it be left empty.</summary>
    private static void Need(OpenApiSchema schema, Type type)
    {
        schema.Required!.UnionWith(Needed.GetValueOrDefault(type, []));
        var either = Either.GetValueOrDefault(type, []);
        foreach (var name in schema.Required.Concat(either))
        {
            schema.Properties![name] = NeverNull(schema.Properties[name]);
        }

        if (either.Length > 0)
        {
            schema.OneOf = [.. either.Select(name => new OpenApiSchema { Required = new HashSet<string> { name } })];
        }

        foreach (var property in schema.Properties!.Values.OfType<OpenApiSchema>())
        {
            // Some generators take a member with a default for one that is always there. What is left out is said in words.
            property.Default = null;
        }
    }

    private static IOpenApiSchema NeverNull(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema own)
        {
            return schema;
        }

        own.Type &= ~JsonSchemaType.Null;
        var others = own.OneOf?.Where(one => one.Type is not JsonSchemaType.Null).ToList();
        return others is [var only] ? only : own;
    }
}
