using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using MimeKit;

namespace Gateway.Tests.Mail.Adapters;

[Collection(MovesTheClock.Name)]
public sealed class MailjetMailAdapterTests : MailAdapterContract
{
    private protected override Task<IMailAccount> NewAccountAsync() =>
        Task.FromResult<IMailAccount>(
            new ApiMailAccount(Gateway.MailApis.NewAccount(new FakeMailjetMail())) { KnowsRepeats = true, KeepsMessageId = false }
        );
}

[Collection(MovesTheClock.Name)]
public sealed class BrevoMailAdapterTests : MailAdapterContract
{
    private protected override Task<IMailAccount> NewAccountAsync() =>
        Task.FromResult<IMailAccount>(new ApiMailAccount(Gateway.MailApis.NewAccount(new FakeBrevoMail())) { KnowsRepeats = true });
}

[Collection(MovesTheClock.Name)]
public sealed class PostmarkAdapterTests : MailAdapterContract
{
    private protected override Task<IMailAccount> NewAccountAsync() =>
        Task.FromResult<IMailAccount>(new ApiMailAccount(Gateway.MailApis.NewAccount(new FakePostmark())) { KnowsWhoIsGone = true });
}

[Collection(MovesTheClock.Name)]
public sealed class ResendAdapterTests : MailAdapterContract
{
    private protected override Task<IMailAccount> NewAccountAsync() =>
        Task.FromResult<IMailAccount>(new ApiMailAccount(Gateway.MailApis.NewAccount(new FakeResend())) { KnowsRepeats = true });
}

/// <summary>An account behind an API.</summary>
internal sealed class ApiMailAccount(FakeMailAccount account) : IMailAccount
{
    public FakeMailAccount Account => account;

    public string Provider => account.Api.Provider;

    public JsonObject Settings => account.Api.SettingsOf(account.Key);

    public JsonObject WrongSettings => account.Api.SettingsOf(account.Api.NewKey());

    public IReadOnlyList<ReceivedMail> Mails => [.. account.Mails];

    public bool KeepsMessageId { get; init; } = true;

    public bool KnowsRepeats { get; init; }

    public bool KnowsWhoIsGone { get; init; }

    public void Be(MailAnswer answer)
    {
        account.LosesAnswers = answer == MailAnswer.Lost;
        account.Before = answer switch
        {
            MailAnswer.Revoked => _ => account.Api.WrongKey(),
            MailAnswer.Broken => _ => FakeList.Json(HttpStatusCode.ServiceUnavailable, "{}"),
            MailAnswer.SlowDown => _ => FakeList.Json(HttpStatusCode.TooManyRequests, "{}"),
            MailAnswer.SlowDownFor20Minutes => _ => FakeList.Json(HttpStatusCode.TooManyRequests, "{}", TimeSpan.FromMinutes(20)),
            MailAnswer.Page => _ => FakeList.Json(HttpStatusCode.OK, "<!doctype html><title>Sign in to the hotel's network</title>"),
            MailAnswer.Unreachable => _ => throw new HttpRequestException(HttpRequestError.ConnectionError),
            _ => _ => null,
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[Collection(MovesTheClock.Name)]
public sealed class SmtpAdapterTests : MailAdapterContract
{
    private protected override Task<IMailAccount> NewAccountAsync() => Task.FromResult<IMailAccount>(new SmtpAccount());
}

/// <summary>A mail server that wants a sign-in.</summary>
internal sealed class SmtpAccount : IMailAccount
{
    private readonly ScriptedSmtp _server = new() { Offers = ["AUTH PLAIN", "8BITMIME"] };

    public SmtpAccount() => Be(MailAnswer.Well);

    public string Provider => "smtp";

    public JsonObject Settings =>
        new()
        {
            ["host"] = "127.0.0.1",
            ["port"] = _server.Port,
            ["security"] = "none",
            ["user"] = "ann",
            ["password"] = "secret-of-the-server",
        };

    public JsonObject WrongSettings
    {
        get
        {
            var wrong = Settings;
            wrong["user"] = "wrong-user";
            _server.Script = command => command.StartsWith("AUTH", StringComparison.Ordinal) ? "535 5.7.8 No such user" : null;
            return wrong;
        }
    }

    public IReadOnlyList<ReceivedMail> Mails => [.. _server.Mails.Select(Read)];

    public bool KnowsRepeats => false;

    public bool KnowsWhoIsGone => true;

    public bool HasErrorsInside => false;

    public bool SaysHowLong => false;

    public void Be(MailAnswer answer)
    {
        _server.Script = command => Say(answer, command);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string? Say(MailAnswer answer, string command) =>
        (answer, command.Split(' ', ':')[0].ToUpperInvariant()) switch
        {
            (MailAnswer.Revoked, "AUTH" or "MAIL") => "535 5.7.8 Username and Password not accepted",
            (MailAnswer.Broken, "MAIL") => "451 4.3.0 Out of order",
            (MailAnswer.SlowDown or MailAnswer.SlowDownFor20Minutes, "MAIL") => "421 4.3.2 Slow down",
            (MailAnswer.Page, "" or "MAIL") => "<!doctype html>",
            (MailAnswer.Unreachable, _) => ScriptedSmtp.Drop,
            (MailAnswer.Lost, ".") => ScriptedSmtp.Drop,
            (_, "MAIL") when command.Contains("<stranger@", StringComparison.Ordinal) => "553 5.7.1 Sender address rejected: not owned",
            (_, "RCPT") when command.Contains("<refused@", StringComparison.Ordinal) => "550 5.2.2 This mailbox is full",
            (_, "RCPT") when command.Contains("<gone@", StringComparison.Ordinal) => "550 5.1.1 User unknown",
            _ => null,
        };

    private static ReceivedMail Read(string wire)
    {
        using var mail = MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(wire)));
        var from = mail.From.Mailboxes.Single();
        return new(
            mail.To.Mailboxes.Single().Address,
            from.Address,
            from.Name,
            mail.Subject!,
            mail.TextBody!,
            mail.HtmlBody!,
            mail.Headers.DistinctBy(header => header.Field)
                .ToDictionary(header => header.Field, header => header.Value.Trim(), StringComparer.OrdinalIgnoreCase),
            Reference: null,
            IsCounted: null
        );
    }
}
