using System.CommandLine;
using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;

namespace Gateway.Features.Imports.Exports;

/// <summary><c>export contacts</c>, <c>suppressions</c>, <c>ledger</c> or <c>templates</c> with <c>--site SITE --to FILE</c>.</summary>
internal static class ExportCommands
{
    public static Command All(Func<Task<IServiceProvider>> services)
    {
        var export = new Command("export", "What a site has here, as CSV or JSON");
        foreach (var what in ExportSite.All)
        {
            export.Add(Export(services, what));
        }

        return export;
    }

    private static Command Export(Func<Task<IServiceProvider>> services, string what)
    {
        var site = new Option<string>("--site") { Description = "The site's id, site_…", Required = true };
        var to = new Option<FileInfo>("--to") { Description = "The file to write", Required = true };
        var format = new Option<string?>("--format") { Description = "csv, which is the default, or json" };
        return new Command(what, $"Write the site's {what} to a file") { site, to, format }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                if (ExportRequests.FormatOf(parsed.GetValue(format)) is not { } known)
                {
                    return CommandOutput.Failed(ExportRequests.FormatRule);
                }

                var file = parsed.GetRequiredValue(to);
                await using var output = PrivateFile.Create(file);
                var rows = await scope.GetRequiredService<ExportSite>().Of(what, found, ct).WriteAsync(known, output, ct);
                return new(
                    new { rows, file = file.FullName },
                    string.Create(CultureInfo.InvariantCulture, $"Wrote {rows} rows to {file.FullName}.")
                );
            }
        );
    }
}
