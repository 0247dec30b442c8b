using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Imports.ImportsOptions))]

namespace Gateway.Features.Imports;

/// <summary>How large imports may be, section <c>Imports</c>.</summary>
internal sealed class ImportsOptions
{
    public const string Section = "Imports";

    /// <summary>The largest file, in megabytes (1,048,576 bytes). A million people with some cells each are about a hundred.</summary>
    public int MaxMegabytes { get; set; } = 512;

    public long MaxBytes => MaxMegabytes * 1024L * 1024;

    internal sealed class Validator : IValidateOptions<ImportsOptions>
    {
        public ValidateOptionsResult Validate(string? name, ImportsOptions options) =>
            options.MaxMegabytes is >= 1 and <= 10_000
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Imports__MaxMegabytes is a number from 1 to 10000.");
    }
}
