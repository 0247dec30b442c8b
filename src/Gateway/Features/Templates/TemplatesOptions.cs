using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Templates.TemplatesOptions))]

namespace Gateway.Features.Templates;

/// <summary>Settings of people's templates, section <c>Templates</c>.</summary>
internal sealed class TemplatesOptions
{
    public const string Section = "Templates";

    private const double Least = 0.1;
    private const double Max = 60;

    /// <summary>Seconds of processor time that reading, rendering, or looking at one template may take.</summary>
    public double CpuSeconds { get; set; } = 1;

    public bool IsValid => CpuSeconds is >= Least and <= Max;

    internal sealed class Validator : IValidateOptions<TemplatesOptions>
    {
        public ValidateOptionsResult Validate(string? name, TemplatesOptions options) =>
            options.IsValid
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Templates__CpuSeconds must be a number from {Least} to {Max}, such as 1.");
    }
}
