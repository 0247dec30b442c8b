using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.OptIn.Hygiene.HygieneOptions))]

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>How people who were silent are asked whether they stay, section <c>Hygiene</c>.</summary>
internal sealed class HygieneOptions
{
    public const string Section = "Hygiene";

    /// <summary>So long they may answer, in days from when the mail left.</summary>
    public int AnswerDays { get; set; } = 30;

    /// <returns>Whose mail left until then has no time left to answer, UTC.</returns>
    public DateTime TooLate(TimeProvider clock) => clock.GetUtcNow().UtcDateTime - TimeSpan.FromDays(AnswerDays);

    /// <summary>At most so many of these mails an hour for each list, so that a brake can still stop most of them.</summary>
    public int MailsPerHour { get; set; } = 5_000;

    internal sealed class Validator : IValidateOptions<HygieneOptions>
    {
        public ValidateOptionsResult Validate(string? name, HygieneOptions options) =>
            options.AnswerDays is < 1 or > 365 ? ValidateOptionsResult.Fail("Hygiene__AnswerDays is a number of days from 1 to 365.")
            : options.MailsPerHour is < 1 or > 1_000_000
                ? ValidateOptionsResult.Fail("Hygiene__MailsPerHour is a number from 1 to 1000000.")
            : ValidateOptionsResult.Success;
    }
}
