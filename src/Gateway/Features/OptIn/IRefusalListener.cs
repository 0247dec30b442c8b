using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn;

/// <summary>Who keeps what was refused because a person must not be written to, and hears that they may be again.</summary>
internal interface IRefusalListener
{
    /// <summary>Inside the transaction of the change.</summary>
    /// <param name="byPerson">Whether the person took it back, and was told to sign up once more; else somebody else did it for them.</param>
    Task LiftedAsync(Guid siteId, EmailAddress address, bool byPerson, CancellationToken ct);
}
