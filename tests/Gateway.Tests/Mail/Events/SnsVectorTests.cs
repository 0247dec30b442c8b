using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Mail.MailEvents;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail.Events;

/// <summary>
/// Messages of Amazon SNS, genuine and forged, which <c>sns-validator</c> judges in <c>tests/contracts/vectors.test.js</c>: the gateway
/// takes and refuses the same.
/// </summary>
public sealed class SnsVectorTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    private static readonly JsonNode Vectors = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "tests/contracts/vectors/sns-messages.json"))
    )!;

    [Fact]
    public async Task A_message_is_judged_as_by_sns_validator()
    {
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.AmazonSes, site: null);
        var host = (string)Vectors["host"]!;
        List<string> confirmed = [];
        gateway.Network.Answer(
            host,
            (request, _) =>
            {
                if (request.RequestUri!.Query.Length > 0)
                {
                    confirmed.Add(request.RequestUri.Query);
                }

                return Task.FromResult(new HttpResponseMessage { Content = new StringContent((string)Vectors["certificate"]!) });
            }
        );

        foreach (var vector in Vectors["messages"]!.AsArray())
        {
            var answer = await caller.TellAsync(vector!["body"]!.ToJsonString());
            var (name, isTaken) = ((string?)vector["name"], answer.Status == HttpStatusCode.NoContent);
            Assert.Equal((name, (bool)vector["valid"]!), (name, isTaken));
            Assert.True(isTaken || answer.Code == "wrong_signature", name);
        }

        Assert.Equal(2, confirmed.Count);
    }
}
