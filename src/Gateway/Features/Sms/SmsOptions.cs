using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sms.SmsOptions))]

namespace Gateway.Features.Sms;

/// <summary>Transactional SMS, section <c>Sms</c>: the installation's defaults; a site may have its own rules and accounts.</summary>
internal sealed class SmsOptions
{
    public const string Section = "Sms";

    /// <summary>
    /// Which providers are asked, in order, by the number's country calling code: <c>twilio</c>, or <c>33=mailjet,twilio; *=twilio</c>.
    /// The next one is asked only when the one before certainly did not send. Null: SMS are not configured.
    /// </summary>
    public string? Route { get; set; }

    /// <summary>
    /// Countries that may be sent to, as ISO 3166 letters: <c>FR,BE,CH</c>; <c>*</c> is every country, the default in Development.
    /// </summary>
    public string? Countries { get; set; }

    public int PartsPerDay { get; set; } = 1_000;

    public int PartsPerMonth { get; set; } = 20_000;

    /// <summary>Messages to one recipient within one hour of the clock.</summary>
    public int PerRecipientHour { get; set; } = 10;

    /// <summary>How long a message that nobody would take is tried; a late login code helps nobody.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    public override string ToString() => $"SMS by {Route ?? "nobody"}";

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<SmsOptions>
    {
        public ValidateOptionsResult Validate(string? name, SmsOptions options)
        {
            List<string> errors = [.. Errors(options)];
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private IEnumerable<string> Errors(SmsOptions options)
        {
            if (SmsRoute.Error(options.Route, environment) is { } route)
            {
                yield return "Sms__Route: " + route;
            }

            if (options is { Route.Length: > 0, Countries: null or "" })
            {
                yield return "Sms__Countries must list the countries that may be sent to, such as FR,BE; * is every country.";
            }
            else if (SmsCountries.Error(options.Countries) is { } countries)
            {
                yield return "Sms__Countries: " + countries;
            }

            if (options.PartsPerDay < 0 || options.PartsPerMonth < 0 || options.PerRecipientHour < 0)
            {
                yield return "Sms__PartsPerDay, Sms__PartsPerMonth and Sms__PerRecipientHour must not be negative; 0 sends nothing.";
            }

            if (options.GiveUpAfter < TimeSpan.FromMinutes(1) || options.GiveUpAfter > TimeSpan.FromDays(7))
            {
                yield return "Sms__GiveUpAfter must be between 00:01:00 and 7.00:00:00.";
            }
        }
    }
}
