using Gateway.Features.Mail.Api;

namespace Gateway.Features.Mail.Postmark;

internal static class PostmarkSetup
{
    public static IServiceCollection AddPostmarkMail(this IServiceCollection services) =>
        services.AddApiMail<IPostmarkApi, PostmarkOptions>(
            PostmarkMail.Key,
            "Postmark",
            PostmarkOptions.Section,
            (api, options, account, clock) => new PostmarkMail(api, options, account, clock),
            (api, options, ct) => api.ReadServerAsync(options.ServerToken!, ct),
            (answer, _) => PostmarkAnswers.ErrorOf(answer)
        );
}
