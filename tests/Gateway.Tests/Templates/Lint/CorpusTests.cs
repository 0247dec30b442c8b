using System.Text.Json;
using Gateway.Features.Templates.Lint;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Gateway.Tests.Templates.Lint;

/// <summary>
/// A hundred messages as small businesses write them, half of them such as an adviser would object to. Whoever wrote them had not seen the
/// linter. One that
/// cries wolf is switched off, so that good messages are left in peace counts more than that every bad one is caught.
/// </summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private sealed record Example(
        string Language,
        string Kind,
        string From,
        string Subject,
        string Preheader,
        string Text,
        bool Good,
        string Why
    );

    [Fact]
    public async Task Good_messages_are_left_in_peace_and_most_bad_ones_are_noticed()
    {
        var path = Path.Combine(Repository.Root, "tests/Gateway.Tests/Templates/Lint/corpus.json");
        var examples = JsonSerializer.Deserialize<List<Example>>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
        var linter = GatewayUnderTest.Shared.Services.GetRequiredService<Linter>();

        var judged = new List<(bool Good, bool IsNoticed)>();
        foreach (var example in examples)
        {
            var found = await linter.LookAsync(
                new(example.Kind, example.Language, example.Subject, example.Preheader, example.From, null, example.Text, []),
                Guid.Empty,
                CancellationToken.None
            );
            judged.Add((example.Good, found.Exists(finding => finding.Severity > FindingSeverity.Info)));
        }

        double caught = judged.Count(one => !one.Good && one.IsNoticed);
        var precision = caught / judged.Count(one => one.IsNoticed);
        var recall = caught / judged.Count(one => !one.Good);
        output.WriteLine($"precision {precision:0.00}, recall {recall:0.00} over {judged.Count} messages");

        Assert.Equal(100, judged.Count);
        Assert.InRange(precision, 0.95, 1);
        Assert.InRange(recall, 0.8, 1);
    }
}
