using System.Diagnostics;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.OptIn;

/// <summary>
/// How long an answer takes must not say whether an address is known, so what is done before it is the same: the same statements, and the
/// same rows read and written.
/// </summary>
[Trait("Database", "both")]
public sealed class SameWorkTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_code_costs_the_same_statements_and_writes_whoever_the_address_belongs_to()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var wrong = reader.Links.Code == "00000000" ? "00000001" : "00000000";

        var known = await WorkOfAsync(reader.Address, wrong);
        var unknown = await WorkOfAsync($"{Guid.CreateVersion7():N}@pages.example", wrong);
        var malformed = await WorkOfAsync("not an address", wrong);
        var nothing = await WorkOfAsync(null, null);

        Assert.Equal(known, unknown);
        Assert.Equal(known, malformed);
        Assert.Equal(known, nothing);
        Assert.Contains("one row written", known);
    }

    /// <summary>The statements that one try takes, each that writes with its number of rows.</summary>
    private Task<List<string>> WorkOfAsync(string? address, string? code) =>
        gateway.InScopeAsync<IServiceProvider, List<string>>(async scope =>
        {
            var db = scope.GetRequiredService<GatewayDb>();
            using var statements = new Statements(db);
            var confirmed = await scope
                .GetRequiredService<AnswerOptIn>()
                .ConfirmByCodeAsync(address, code, new(null, null), CancellationToken.None);
            Assert.Null(confirmed);
            return statements.Seen;
        });

    /// <summary>Listens to the statements of one context.</summary>
    private sealed class Statements : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly GatewayDb _db;
        private readonly List<IDisposable> _listening = [];

        public Statements(GatewayDb db)
        {
            _db = db;
            _listening.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public List<string> Seen { get; } = [];

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore")
            {
                _listening.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            switch (value.Value)
            {
                case CommandExecutedEventData executed when executed.Context == _db:
                    Seen.Add(executed.Command.CommandText);
                    break;
                case DataReaderDisposingEventData read
                    when read.Context == _db && read.Command.CommandText.Contains("update ", StringComparison.Ordinal):
                    // The second read finds the end.
                    Seen.Add(read.ReadCount == 2 ? "one row written" : $"{read.ReadCount - 1} rows written");
                    break;
                default:
                    break;
            }
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }

        public void Dispose() => _listening.ForEach(one => one.Dispose());
    }
}
