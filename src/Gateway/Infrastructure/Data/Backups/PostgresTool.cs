using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Security;
using Npgsql;

namespace Gateway.Infrastructure.Data.Backups;

/// <summary>PostgreSQL's own <c>pg_dump</c> and <c>pg_restore</c>, with the connection that the settings name.</summary>
/// <param name="tool">The program, looked for where the system looks for programs (PATH).</param>
internal sealed partial class PostgresTool(string tool, NpgsqlConnectionStringBuilder connection)
{
    /// <summary>Finds out whether the program is there and reads the server's databases.</summary>
    /// <param name="server">The server's version, such as 16 in 16.4.</param>
    public async Task EnsureFitsAsync(int server, CancellationToken ct)
    {
        var (_, output, _) = await StartAsync(["--version"], ct);
        if (!int.TryParse(Version().Match(output).Groups[1].Value, NumberStyles.None, null, out var version) || version < server)
        {
            throw new StartupError(
                $"The {tool} of this machine ({output.Trim()}) is older than the server, which is PostgreSQL {server}. Install the package "
                    + $"postgresql-client-{server}."
            );
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="StartupError">It failed, with what it said.</exception>
    public async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken ct, bool keepsOutput = true)
    {
        var (code, output, error) = await StartAsync(["--no-password", .. arguments], ct, keepsOutput);
        return code == 0 ? output : throw new StartupError($"{tool} ended with an error: {error.Trim()}");
    }

    private async Task<Ended> StartAsync(IEnumerable<string> arguments, CancellationToken ct, bool keepsOutput = true)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment())
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        try
        {
            var error = process.StandardError.ReadToEndAsync(ct);
            var output = "";
            if (keepsOutput)
            {
                output = await process.StandardOutput.ReadToEndAsync(ct);
            }
            else
            {
                await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, ct);
            }

            await process.WaitForExitAsync(ct);
            return new(process.ExitCode, output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new StartupError(
                $"{tool} is not installed on this machine. It comes with PostgreSQL's client programs (package postgresql-client)."
            );
        }
    }

    /// <summary>The password stands in no list of processes (https://www.postgresql.org/docs/current/libpq-envars.html).</summary>
    private IEnumerable<KeyValuePair<string, string>> Environment()
    {
        var hosts = (connection.Host ?? "").Split(',', StringSplitOptions.TrimEntries);
        var named = hosts.Select(host => HostAndPort().Match(host)).ToList();
        yield return new("PGHOST", string.Join(',', named.Select(host => host.Groups["host"].Value)));
        yield return new(
            "PGPORT",
            string.Join(
                ',',
                named.Select(host =>
                    host.Groups["port"] is { Success: true } port ? port.Value : connection.Port.ToString(CultureInfo.InvariantCulture)
                )
            )
        );
        foreach (
            var (name, value) in new[]
            {
                ("PGDATABASE", connection.Database ?? connection.Username),
                ("PGUSER", connection.Username),
                ("PGPASSWORD", connection.Password),
                ("PGPASSFILE", connection.Passfile),
                ("PGSSLMODE", connection.ContainsKey("SSL Mode") ? SslMode() : null),
                ("PGSSLROOTCERT", connection.RootCertificate),
                ("PGTARGETSESSIONATTRS", hosts.Length > 1 ? "read-write" : null),
            }
        )
        {
            if (value is { Length: > 0 })
            {
                yield return new(name, value);
            }
        }
    }

    private string SslMode() =>
        connection.SslMode switch
        {
            Npgsql.SslMode.VerifyCA => "verify-ca",
            Npgsql.SslMode.VerifyFull => "verify-full",
            var other => other.ToString().ToLowerInvariant(),
        };

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();

    /// <summary>An address of IPv6 with a port stands in brackets; a folder is that of a socket.</summary>
    [GeneratedRegex(@"^(?:\[(?<host>[^\]]+)\]:(?<port>\d+)|(?<host>[^/:]+):(?<port>\d+)|(?<host>.*))$")]
    private static partial Regex HostAndPort();

    private sealed record Ended(int Code, string Output, string Error);
}
