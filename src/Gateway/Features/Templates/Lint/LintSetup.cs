namespace Gateway.Features.Templates.Lint;

internal static class LintSetup
{
    public static IServiceCollection AddLint(this IServiceCollection services) =>
        services
            .AddSingleton<ILintCheck, SpamWords>()
            .AddSingleton<ILintCheck, SubjectLine>()
            .AddSingleton<ILintCheck, SenderCheck>()
            .AddSingleton<ILintCheck, Buttons>()
            .AddSingleton<ILintCheck, LinkCheck>()
            .AddSingleton<ILintCheck, LegalCheck>()
            .AddSingleton<ILintCheck, BodyParts>()
            .AddSingleton<ILintCheck, SmsCheck>()
            .AddSingleton<Linter>();
}
