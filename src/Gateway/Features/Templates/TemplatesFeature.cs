using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Cleaning;
using Gateway.Features.Templates.Findings;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Lint;
using Gateway.Features.Templates.Mailjet;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Templates;

/// <summary>What mails and SMS say, and whether they say it well.</summary>
internal static class TemplatesFeature
{
    /// <summary>Room for the longest message in any encoding.</summary>
    private const int BodyBytes = 4 * 1024 * 1024;

    public static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TemplatesOptions>, TemplatesOptions.Validator>();

        // Of the process, not of a request: templates are read in places that know no settings.
        services
            .AddOptions<TemplatesOptions>()
            .BindConfiguration(TemplatesOptions.Section)
            .PostConfigure(options => CpuBudget.Limit = options.IsValid ? TimeSpan.FromSeconds(options.CpuSeconds) : CpuBudget.Usual)
            .ValidateOnStart();
        return services
            .AddSingleton<MailCleaner>()
            .AddSingleton<TemplateRenderer>()
            .AddSingleton<PublishedTemplates>()
            .AddScoped<TemplateStore>()
            .AddScoped<TemplateDrafts>()
            .AddScoped<BeginTemplate>()
            .AddScoped<TemplatePreview>()
            .AddScoped<TemplateSamples>()
            .AddScoped<PreviewValues>()
            .AddScoped<PreviewAudience>()
            .AddScoped<SegmentStore>()
            .AddScoped<SegmentUse>()
            .AddScoped<SectionMatrix>()
            .AddScoped<TemplateFindings>()
            .AddScoped<TemplateMutes>()
            .AddSingleton<IValidator<AddTemplate.Request>, AddTemplate.Validator>()
            .AddSingleton<IValidator<PreviewTemplate.Request>, PreviewTemplate.Validator>()
            .AddLint()
            .AddSingleton<IValidator<LintMessage.Request>, LintMessage.Validator>()
            .AddSingleton<IValidator<ConvertMailjet.Request>, ConvertMailjet.Validator>();
    }

    private static readonly ProblemNote Busy = new(
        StatusCodes.Status429TooManyRequests,
        "`templates_busy`: too many templates of the site are being looked at; wait for the answers that are open."
    );

    /// <summary>Routes about one template, <c>/v1/templates/{id}</c>.</summary>
    public static RouteGroupBuilder MapTemplate(this IEndpointRouteBuilder app) =>
        app.MapGroup("/v1/templates/{id}")
            .WithTags("Templates")
            .RequireScope(Scopes.Mail)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes), Busy);

    public static void MapTemplates(this IEndpointRouteBuilder app)
    {
        var templates = app.MapGroup("/v1/templates")
            .WithTags("Templates")
            .RequireScope(Scopes.Mail)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes), Busy);
        LintMessage.Map(templates);
        ReadTemplates.Map(templates);
        AddTemplate.Map(templates);

        var template = app.MapTemplate();
        ReadTemplate.Map(template);
        ChangeTemplate.Map(template);
        SaveDraft.Map(template);
        KeepSample.Map(template);
        PreviewTemplate.Map(template);
        ReadSections.Map(template);
        ReadFindings.Map(template);
        MuteFinding.Map(template);
        ConvertMailjet.Map(templates);

        var segments = app.MapGroup("/v1/segments").WithTags("Segments").RequireScope(Scopes.Mail);
        ReadSegments.Map(segments);
        ChangeSegment.Map(segments);
    }
}
