using FluentValidation;
using Gateway.Features.Admin.Pages;
using Gateway.Features.Templates.Lint;
using Gateway.Features.Templates.Mailjet;
using Gateway.Features.Templates.Pages;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Templates;

/// <summary>What mails and SMS say, and whether they say it well.</summary>
internal static class TemplatesFeature
{
    /// <summary>Room for the longest message in any encoding.</summary>
    private const int BodyBytes = 4 * 1024 * 1024;

    public static IServiceCollection AddTemplates(this IServiceCollection services) => services
        .AddSingleton<TemplateRenderer>()
        .AddLint()
        .AddSingleton<IValidator<LintMessage.Request>, LintMessage.Validator>()
        .AddSingleton<IValidator<ConvertMailjet.Request>, ConvertMailjet.Validator>();

    public static void MapTemplates(this IEndpointRouteBuilder app)
    {
        var templates = app.MapGroup("/v1/templates").WithTags("Templates").WithMetadata(new RequestSizeLimitAttribute(BodyBytes));
        LintMessage.Map(templates);
        ConvertMailjet.Map(templates);
        CheckPages.Map(app.MapAdminSite());
    }
}
