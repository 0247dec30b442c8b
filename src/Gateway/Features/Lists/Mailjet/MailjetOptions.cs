using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Access to Mailjet's contact lists, section <c>Lists:Mailjet</c>. Without keys no list can be mirrored there.</summary>
internal sealed class MailjetOptions
{
    public const string Section = "Lists:Mailjet";

    public Uri? BaseUrl { get; set; } = new("https://api.mailjet.com");

    public string? ApiKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>For one call.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a job for many contacts is watched before it is told again later.</summary>
    public TimeSpan JobTimeLimit { get; set; } = TimeSpan.FromMinutes(1);

    public bool IsConfigured => ApiKey is { Length: > 0 } && SecretKey is { Length: > 0 };

    public override string ToString() => $"Mailjet lists at {BaseUrl}";

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<MailjetOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailjetOptions options)
        {
            var faults = new List<string>();
            if (options.ApiKey is { Length: > 0 } != options.SecretKey is { Length: > 0 })
            {
                faults.Add("Lists__Mailjet__ApiKey and Lists__Mailjet__SecretKey belong together: set both or neither.");
            }

            if (ProviderUrl.Fault("Lists__Mailjet__BaseUrl", options.BaseUrl, environment) is { } fault)
            {
                faults.Add(fault);
            }

            if (options.TimeLimit < TimeSpan.FromSeconds(1) || options.TimeLimit > TimeSpan.FromSeconds(30))
            {
                faults.Add("Lists__Mailjet__TimeLimit must be between 00:00:01 and 00:00:30.");
            }

            if (options.JobTimeLimit < TimeSpan.FromSeconds(1) || options.JobTimeLimit > TimeSpan.FromSeconds(90))
            {
                faults.Add("Lists__Mailjet__JobTimeLimit must be between 00:00:01 and 00:01:30.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
