using System.CommandLine;
using Gateway.Console.SignIn;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Imports;
using Gateway.Features.Imports.Exports;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Features.Sites;
using Gateway.Features.Sms;
using Gateway.Features.Templates.Lint;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Commands;

namespace Gateway.CommandLine;

/// <summary>
/// What an operator does on the machine, in the same binary: <c>gateway COMMAND</c>. Every command takes <c>--json</c> (one object or array
/// on one line of
/// standard output and nothing else there) and exits with 0, or with another number and a sentence on standard error.
/// </summary>
internal static class GatewayCommands
{
    /// <summary>Whether the arguments are a command rather than settings of the server, which begin with <c>--</c>.</summary>
    public static bool Handles(string[] args) =>
        args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "-?" or "--version");

    /// <param name="services">Makes the program's services, ready to use; called only when a command needs them.</param>
    /// <param name="unprepared">The same without a look at the database; on another than the settings name when one is given.</param>
    /// <param name="console">Where it reads and writes; the process's own when left out.</param>
    public static Task<int> RunAsync(
        string[] args,
        Func<Task<IServiceProvider>> services,
        Func<string?, Task<IServiceProvider>> unprepared,
        CommandConsole? console = null
    )
    {
        var root = new RootCommand(
            "Gateway: double opt-in and transactional messages for your sites. Without a command it starts the server."
        )
        {
            SiteCommands.All(services),
            KeyCommands.All(services),
            ConnectionCommands.All(services),
            ListCommands.All(services),
            PurposeCommands.All(services),
            SmsCommands.All(services),
            HookCommands.All(services),
            FailedCommands.All(services),
            ProblemCommands.All(services),
            ConsentCommands.All(services),
            SuppressionCommands.All(services),
            MailEventCommands.All(services),
            MailRouteCommand.Of(services),
            RateCommands.All(services),
            HygieneCommands.All(services),
            ImportCommands.All(services),
            ExportCommands.All(services),
            DomainCommands.All(services),
            SmtpCommands.All(),
            LintCommands.All(),
            AdminCommands.All(services),
            CheckCommands.All(services),
            CheckCommands.Migrate(services),
            DatabaseCommands.Backup(unprepared),
            DatabaseCommands.Restore(unprepared),
            DatabaseCommands.Move(unprepared),
        };
        root.Options.Add(CommandOutput.Json);

        return root.Parse(args).InvokeAsync(console ?? new());
    }
}
