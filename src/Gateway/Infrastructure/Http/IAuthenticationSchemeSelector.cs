namespace Gateway.Infrastructure.Http;

/// <summary>Says how requests of some paths are signed in. A room with a scheme of its own registers one.</summary>
internal interface IAuthenticationSchemeSelector
{
    /// <returns>The scheme's name; null when the request is none of its own.</returns>
    string? SchemeOf(HttpContext http);
}
