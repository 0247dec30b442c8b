using Gateway.Features.Sites;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates.Api;

/// <summary>GET /v1/templates — the site's templates and the built-in one, with what fills them: for drop-downs and forms.</summary>
internal static class ReadTemplates
{
    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapGet("/", HandleAsync)
            .RequireAuthorization(Policies.Token)
            .WithName(nameof(ReadTemplates))
            .WithSummary("The templates of mails and SMS")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<Page<TemplateResponse>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] PageQuery page,
        [FromQuery] string? kind,
        [FromQuery] string? published,
        CallingSite site,
        GatewayDb db,
        PublishedTemplates templates,
        CancellationToken ct
    )
    {
        if (page.Read(PublicId.Template).IsRefused(out var why, out var start))
        {
            return Problems.Of(why);
        }

        var (limit, after) = start;

        TemplateKind? wanted = TemplateKinds.Parse(kind);
        if (kind is not null && wanted is null)
        {
            return Problems.Invalid("kind", TemplateKinds.Expected);
        }

        if (published is not (null or "true" or "false"))
        {
            return Problems.Invalid("published", "published is true or false.");
        }

        var usable = (await templates.OfAsync(site.Id, ct)).All.ToDictionary(one => one.Id);
        var ids = usable.Keys.ToList();
        var rows = await db
            .Templates.AsNoTracking()
            .Where(template => template.SiteId == site.Id && (wanted == null || template.Kind == wanted))
            .Where(template => published == null || ids.Contains(template.Id) == (published == "true"))
            .Where(template => after == null || template.Id > after.Value)
            .OrderBy(template => template.Id)
            .Take(limit + 1)
            .ToListAsync(ct);
        var read = Page<Template>.Of(rows, limit, template => PublicId.Format(PublicId.Template, template.Id));

        // The built-in one first: it belongs to no page but the first.
        var builtIn =
            after is null && wanted is null or TemplateKind.Email && published != "false"
                ? MailTemplate.All.Select(TemplateResponse.Of)
                : [];
        return TypedResults.Ok(
            new Page<TemplateResponse>(
                [.. builtIn, .. read.Items.Select(template => TemplateResponse.Of(template, usable.GetValueOrDefault(template.Id)))],
                read.Next
            )
        );
    }
}

/// <summary>Kinds of templates as the API names them.</summary>
internal static class TemplateKinds
{
    public static readonly string Expected =
        $"kind is one of {string.Join(", ", Enum.GetValues<TemplateKind>().Select(kind => CaseConverter.Lower(kind.ToString())))}.";

    public static TemplateKind? Parse(string? text) =>
        Enum.GetValues<TemplateKind>()
            .Where(kind => CaseConverter.Lower(kind.ToString()) == text)
            .Select(kind => (TemplateKind?)kind)
            .FirstOrDefault();
}
