using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sites.RetentionOptions))]

namespace Gateway.Features.Sites;

/// <summary>How long what is done is kept, section <c>Retention</c>. Proof of consent and suppressions are kept whatever it says.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>A caller may repeat a request for so long, so that its key must be known.</summary>
    public const int MinDays = 30;

    public const int MaxDays = 3650;

    /// <summary>Days after which settled submissions, messages, SMS, events and deliveries are deleted, where a site has no number of its
    /// own (<see cref="Site.KeepDays"/>). The longest time that statistics can be asked for is a day over a year.</summary>
    public int Days { get; set; } = 400;

    internal sealed class Validator : IValidateOptions<RetentionOptions>
    {
        public ValidateOptionsResult Validate(string? name, RetentionOptions options) =>
            options.Days is >= MinDays and <= MaxDays
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Retention__Days must be from {MinDays} to {MaxDays}.");
    }
}
