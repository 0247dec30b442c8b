using Gateway.Features.Sites;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Mail;

/// <summary>GET /v1/templates — the templates of transactional mails and what fills them, for drop-downs and forms.</summary>
internal static class ReadTemplates
{
    public sealed record Response(IReadOnlyList<TemplateView> Items, string? Next);

    /// <param name="Id">What <c>template</c> takes.</param>
    public sealed record TemplateView(string Id, string Name, string Channel, IReadOnlyList<VariableView> Variables);

    public sealed record VariableView(string Name, string Label, bool Required, bool Multiline);

    private static readonly Response Everything = new(
        [
            .. MailTemplate.All.Select(template => new TemplateView(
                template.Id, template.Name, Channels.Mail,
                [.. template.Variables.Select(variable => new VariableView(variable.Name, variable.Label, variable.Required, variable.Multiline))])),
        ],
        null);

    public static void Map(IEndpointRouteBuilder app) => app
        .MapGet("/v1/templates", Handle)
        .RequireAuthorization(Policies.Token)
        .WithTags("Messages")
        .WithName(nameof(ReadTemplates))
        .WithSummary("The templates of transactional mails");

    private static Ok<Response> Handle(CallingSite site) => TypedResults.Ok(Everything);
}
