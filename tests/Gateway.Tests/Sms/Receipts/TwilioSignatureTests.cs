using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Features.Sms.Receipts;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms.Receipts;

/// <summary>Signatures that Twilio's own library made and judged.</summary>
[Trait("Database", "none")]
public sealed class TwilioSignatureTests
{
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/contracts/vectors/twilio-signatures.json")))!;

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var set in new[] { "signed", "received" })
            {
                foreach (var vector in Vectors[set]!.AsArray())
                {
                    data.Add(set, (string)vector!["name"]!);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_signature_is_made_and_judged_as_by_Twilio(string set, string name)
    {
        var vector = Vectors[set]!.AsArray().Single(one => (string)one!["name"]! == name)!;
        string token = (string)vector["token"]!, url = (string)vector["url"]!, signature = (string)vector["signature"]!;
        var form = vector["params"]!.AsObject().SelectMany(field => field.Value!.AsArray().Select(value => KeyValuePair.Create(field.Key, (string)value!))).ToList();
        var parts = Regex.Match(url, "^(https?://[^/]+)(/.*)$");

        Assert.Equal(vector["valid"] is not { } valid || (bool)valid, TwilioSignature.IsValid(token, parts.Groups[1].Value, parts.Groups[2].Value, form, signature));
        if (set == "signed")
        {
            Assert.Equal(signature, TwilioSignature.Sign(token, url, form));
        }
    }
}
