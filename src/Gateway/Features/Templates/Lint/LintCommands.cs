using System.CommandLine;
using System.Text.Json;
using Gateway.Infrastructure.Commands;
using MimeKit;

namespace Gateway.Features.Templates.Lint;

/// <summary><c>lint FILE</c>: findings about a message, for people and for scripts.</summary>
internal static class LintCommands
{
    public static Command All()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description =
                "A mail (.eml), an HTML part (.html), the text of an SMS (.txt), or JSON as POST /v1/templates/lint takes it (.json)",
        };
        var kind = new Option<string?>("--kind") { Description = "What it is for; of a .txt sms, of anything else list when left out" };
        kind.AcceptOnlyFromAmong([.. MessageKinds.All]);
        var language = new Option<string>("--language")
        {
            Description = "en or fr: whose words are looked for",
            DefaultValueFactory = _ => "en",
        };
        var subject = new Option<string?>("--subject") { Description = "The subject of an .html file" };
        var strict = new Option<bool>("--strict") { Description = "Exit with 1 on warnings too, not only on errors" };
        var command = new Command("lint", "Look at a message before it is sent; exits with 1 when something must be changed")
        {
            file,
            kind,
            language,
            subject,
            strict,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var read = await ReadAsync(parsed.GetRequiredValue(file), ct);
                var output = read.Request is { } request
                    ? await ReportAsync(
                        request with
                        {
                            Kind = parsed.GetValue(kind) ?? request.Kind,
                            Subject = parsed.GetValue(subject) ?? request.Subject,
                        },
                        parsed.GetValue(language)!,
                        parsed.GetValue(strict)
                    )
                    : CommandOutput.Failed(read.Error!);
                return output.Print(parsed);
            }
        );
        return command;
    }

    private static async Task<CommandOutput> ReportAsync(LintMessage.Request request, string language, bool strict)
    {
        if (new LintMessage.Validator().Validate(request) is { IsValid: false } invalid)
        {
            return CommandOutput.Failed(string.Join(' ', invalid.Errors.Select(error => error.ErrorMessage)));
        }

        await using var services = new ServiceCollection().AddLint().BuildServiceProvider();
        var findings = await services
            .GetRequiredService<Linter>()
            .LookAsync(LintMessage.MessageOf(request, language), Guid.Empty, CancellationToken.None);
        var worst = findings.Count == 0 ? FindingSeverity.Info : findings[0].Severity;
        return new(
            new { findings = findings.ConvertAll(FindingResponse.Of) },
            findings.Count == 0 ? "Nothing was found." : string.Join('\n', findings.Select(FindingResponse.Of).Select(Describe)),
            worst >= (strict ? FindingSeverity.Warning : FindingSeverity.Error) ? 1 : 0
        );
    }

    private static string Describe(FindingResponse finding) =>
        $"{finding.Severity, -8} {finding.Place, -9} {finding.Reason}"
        + $"{(finding.Suggestion is { } suggestion ? " " + suggestion : "")}  [{finding.Id}]";

    private static async Task<(LintMessage.Request? Request, string? Error)> ReadAsync(FileInfo file, CancellationToken ct)
    {
        if (Directory.Exists(file.FullName))
        {
            return (null, $"{file.Name} is a folder. Name a file in it.");
        }

        if (!file.Exists)
        {
            return (null, $"There is no file {file.Name}.");
        }

        try
        {
            switch (file.Extension.ToLowerInvariant())
            {
                case ".eml":
                    using (var mail = await MimeMessage.LoadAsync(file.FullName, ct))
                    {
                        return (
                            new(MessageKinds.List, null, mail.Subject, null, mail.From.ToString(), mail.HtmlBody, mail.TextBody, null),
                            null
                        );
                    }

                case ".json":
                    await using (var json = file.OpenRead())
                    {
                        return (
                            await JsonSerializer.DeserializeAsync<LintMessage.Request>(json, JsonSerializerOptions.Web, ct),
                            "The file holds no JSON object."
                        );
                    }

                case ".txt":
                    return (
                        new(MessageKinds.Sms, null, null, null, null, null, await File.ReadAllTextAsync(file.FullName, ct), null),
                        null
                    );

                default:
                    return (
                        new(MessageKinds.List, null, null, null, null, await File.ReadAllTextAsync(file.FullName, ct), null, null),
                        null
                    );
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            return (null, $"{file.Name} cannot be read: {unreadable.Message}");
        }
    }
}
