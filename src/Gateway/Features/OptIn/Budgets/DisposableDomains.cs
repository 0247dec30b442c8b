using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>
/// Domains of throw-away addresses: github.com/disposable-email-domains/disposable-email-domains (CC0 1.0), of 2026-08-21, or the
/// operator's own file.
/// </summary>
internal sealed class DisposableDomains(IOptions<ConfirmationOptions> options)
{
    private readonly Lazy<HashSet<string>> _domains = new(() => Read(options.Value.Domains.DisposableFile));

    /// <param name="domain">In lower case and ASCII. What stands below a listed domain is meant too.</param>
    public bool Has(string domain)
    {
        for (var rest = domain; rest.Contains('.'); rest = rest[(rest.IndexOf('.') + 1)..])
        {
            if (_domains.Value.Contains(rest))
            {
                return true;
            }
        }

        return false;
    }

    private static HashSet<string> Read(string? file)
    {
        using var stream = file is { Length: > 0 } ? File.OpenRead(file) : Built();
        using var reader = new StreamReader(stream);
        var domains = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Trim() is { Length: > 0 } domain && domain[0] != '#')
            {
                domains.Add(domain.ToLowerInvariant());
            }
        }

        return domains;
    }

    private static Stream Built() => typeof(DisposableDomains).Assembly.GetManifestResourceStream("budgets/disposable-domains.txt")!;
}
