using Gateway.Infrastructure.Http;

namespace Gateway.Console.SignIn;

/// <summary>The admin pages are signed in by their cookie.</summary>
internal sealed class AdminSchemeSelector : IAuthenticationSchemeSelector
{
    public string? SchemeOf(HttpContext http) => AdminFeature.IsAdmin(http) ? AdminAuthentication.Scheme : null;
}
