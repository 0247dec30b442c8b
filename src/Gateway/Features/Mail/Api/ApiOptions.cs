using Gateway.Features.Connections;

namespace Gateway.Features.Mail.Api;

/// <summary>An account at a provider whose API takes mails: the installation's, or a connection's.</summary>
internal abstract class ApiOptions : IConnectionSettings
{
    /// <summary>The most that <see cref="TimeLimit"/> may be: it fits into the lease of a batch of mails.</summary>
    public static readonly TimeSpan MaxTimeLimit = TimeSpan.FromMinutes(1);

    /// <summary>Of the installation; a connection does not change it.</summary>
    public abstract Uri? BaseUrl { get; set; }

    /// <summary>For one call, of the installation. Who gives up earlier does not know what became of the mail.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    public abstract string Name { get; }

    public abstract IEnumerable<string> Errors();

    /// <summary>Without the key, which belongs in no log.</summary>
    public override string ToString() => $"{BaseUrl}";
}
