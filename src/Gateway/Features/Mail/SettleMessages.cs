using System.Globalization;
using System.Text;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Features.Mail;

/// <summary>Says what an outcome means for a message, and stores many of them by one statement.</summary>
internal sealed partial class SettleMessages(GatewayDb db, TimeProvider clock, ILogger<SettleMessages> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>With these pauses about three days.</summary>
    private const int MostFailures = 78;

    /// <summary>What settling changes, besides the two columns that find the row.</summary>
    private static readonly string[] Settled =
        [nameof(Message.State), nameof(Message.Answer), nameof(Message.SentAt), nameof(Message.DueAt), nameof(Message.Failures), nameof(Message.Secrets)];

    public void Note(Message message, MailOutcome outcome)
    {
        message.Answer = outcome.Answer;
        switch (outcome)
        {
            case MailOutcome.Sent:
                message.State = MessageState.Sent;
                message.SentAt = clock.GetUtcNow().UtcDateTime;
                message.Secrets = null;
                message.DueAt = null;
                break;
            case MailOutcome.Refused:
                Fail(message, outcome.Answer);
                break;
            case MailOutcome.Unknown when message.State == MessageState.Unknown:
                Fail(message, "It was handed over twice without an answer, so it may have arrived: " + outcome.Answer);
                break;
            case MailOutcome.Unknown:
                message.State = MessageState.Unknown;
                TryAgain(message);
                break;
            case MailOutcome.Later:
                TryAgain(message);
                break;
        }
    }

    public void Fail(Message message, Obstacle obstacle)
    {
        message.Secrets = obstacle.IsMoot ? null : message.Secrets;
        Fail(message, obstacle.Reason);
    }

    /// <summary>Gives the row back untried.</summary>
    public void Release(Message message) => message.DueAt = clock.GetUtcNow().UtcDateTime;

    /// <summary>One statement for them all. A row that another worker has taken since is left to it.</summary>
    public Task StoreAsync(List<Message> messages) => db.WriteAsync(() => UpdateAsync(messages), CancellationToken.None);

    private void TryAgain(Message message)
    {
        message.Failures++;
        if (message.Failures >= MostFailures)
        {
            Fail(message, "Given up after three days: " + message.Answer);
            return;
        }

        var pause = FirstPause * Math.Pow(2, Math.Min(message.Failures - 1, 20));
        var jitter = 0.8 + (0.4 * Random.Shared.NextDouble());
        message.DueAt = (clock.GetUtcNow() + ((pause < LongestPause ? pause : LongestPause) * jitter)).UtcDateTime;
        LogLater(message.Id, message.Failures, message.Answer);
    }

    /// <summary>The links stay, encrypted, so that an operator can replay it.</summary>
    private void Fail(Message message, string reason)
    {
        message.State = MessageState.Failed;
        message.Answer = reason;
        message.DueAt = null;
        LogFailed(message.Id, reason);
    }

    private async Task UpdateAsync(List<Message> messages)
    {
        var entity = db.Model.FindEntityType(typeof(Message))!;
        IProperty[] columns = [.. new[] { nameof(Message.Id), nameof(Message.Attempts) }.Concat(Settled).Select(name => entity.FindProperty(name)!)];
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();

        // Both databases call the columns of a values list column1, column2, …
        var sql = new StringBuilder("update messages set ")
            .AppendJoin(", ", columns.Skip(2).Select((column, at) => $"{column.GetColumnName()} = settled.column{at + 3}"))
            .Append(" from (values ");
        for (var row = 0; row < messages.Count; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var at = 0; at < columns.Length; at++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"@p{row}_{at}");
                var value = columns[at].GetGetter().GetClrValue(messages[row]);
                command.Parameters.Add(columns[at].GetRelationalTypeMapping().CreateParameter(command, name, value, columns[at].IsNullable));
                sql.Append(at == 0 ? "" : ", ").Append(name);
            }

            sql.Append(')');
        }

        command.CommandText = sql.Append(") as settled where messages.id = settled.column1 and messages.attempts = settled.column2 and messages.due_at is not null").ToString();
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    [LoggerMessage(LogLevel.Information, "Message {MessageId} will be tried again, failure {Failures}: {Answer}")]
    private partial void LogLater(Guid messageId, int failures, string? answer);

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} failed: {Reason}")]
    private partial void LogFailed(Guid messageId, string reason);
}
