using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Console.SignIn.AdminOptions))]

namespace Gateway.Console.SignIn;

/// <summary>How long somebody stays signed in to the admin pages, section <c>Gateway:Admin</c>.</summary>
internal sealed class AdminOptions
{
    public const string Section = "Gateway:Admin";
    private const int MaxDays = 90;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Days until somebody has to sign in again, however busy; at an issuer it is one.</summary>
    public int SessionDays { get; set; } = 30;

    /// <summary>How long a sign-in is enough for what is dangerous (<see cref="RecentSignIn"/>).</summary>
    public TimeSpan SignInAgainAfter { get; set; } = TimeSpan.FromMinutes(15);

    internal sealed class Validator : IValidateOptions<AdminOptions>
    {
        public ValidateOptionsResult Validate(string? name, AdminOptions options) =>
            options.SessionDays is < 1 or > MaxDays ? ValidateOptionsResult.Fail($"Gateway__Admin__SessionDays must be 1 to {MaxDays}.")
            : options.SignInAgainAfter < Shortest || options.SignInAgainAfter > Longest
                ? ValidateOptionsResult.Fail("Gateway__Admin__SignInAgainAfter must be 00:00:10 to 1.00:00:00.")
            : ValidateOptionsResult.Success;
    }
}
