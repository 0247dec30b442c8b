namespace Gateway.Features.Templates.Lint;

internal static class LintSetup
{
    public static IServiceCollection AddLint(this IServiceCollection services) => services
        .AddSingleton<ILintCheck, SpamWords>()
        .AddSingleton<ILintCheck, SubjectLine>()
        .AddSingleton<ILintCheck, Sender>()
        .AddSingleton<ILintCheck, Buttons>()
        .AddSingleton<ILintCheck, Links>()
        .AddSingleton<ILintCheck, Law>()
        .AddSingleton<ILintCheck, BodyParts>()
        .AddSingleton<ILintCheck, SmsChecks>()
        .AddSingleton<Linter>();
}
