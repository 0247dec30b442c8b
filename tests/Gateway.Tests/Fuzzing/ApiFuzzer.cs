using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Fuzzing;

/// <summary>
/// Makes requests from the API's own description: most as it says, and each of those then broken in a few places. What a new operation
/// takes is tried without a word here.
/// </summary>
internal sealed class ApiFuzzer
{
    private readonly FuzzSite _site;
    private readonly FuzzBodies _bodies;
    private readonly List<(string Path, string Method, JsonNode Operation)> _operations;

    public ApiFuzzer(JsonNode description, FuzzSite site)
    {
        _site = site;
        _bodies = new(description, site);
        _operations =
        [
            .. from path in description["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            where operation.Value is JsonObject
            select (path.Key, operation.Key.ToUpperInvariant(), operation.Value!),
        ];
    }

    public FuzzRequest Next(Dice dice)
    {
        var (path, method, operation) = dice.Pick(_operations);
        var isHostile = dice.Chance(0.7);
        var target = PathOf(path, dice, isHostile, out var isSure) + QueryOf(operation, dice, isHostile);
        var content = operation["requestBody"]?["content"]?.AsObject();
        var type = content?.First().Key;
        var body = content is null ? null : _bodies.Next(content.First().Value!["schema"]!, type!, dice, isHostile);
        if (isHostile && dice.Chance(0.05))
        {
            method = dice.Pick(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"]);
        }

        if (isHostile && dice.Chance(0.05))
        {
            body = body is null ? Encoding.UTF8.GetBytes(dice.Pick(FuzzTexts.Hostile)) : null;
        }

        var headers = new List<(string, string)> { ("Host", HostOf(dice, isHostile)) };
        if (body is not null || dice.Chance(0.1))
        {
            headers.Add(("Content-Type", isHostile && dice.Chance(0.15) ? dice.Pick(MediaTypes) : type ?? "application/json"));
        }

        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            if ((string?)parameter!["in"] == "header" && !(isHostile && dice.Chance(0.2)))
            {
                headers.Add(((string)parameter["name"]!, isHostile && dice.Chance(0.3) ? Header(dice) : $"fuzz-{dice.Below(1_000_000)}"));
            }
        }

        if (isHostile && dice.Chance(0.2))
        {
            headers.Add(
                (
                    dice.Pick(["Accept", "Accept-Language", "Accept-Encoding", "X-Forwarded-For", "Cookie", "Expect", "Range"]),
                    Header(dice)
                )
            );
        }

        SignIn(operation, headers, body ?? [], dice, isHostile);
        return new((string?)operation["operationId"] ?? path, method, target, headers, body, isSure ? false : null);
    }

    private static readonly string[] MediaTypes =
    [
        "application/json; charset=utf-7",
        "application/json; charset=no-such-charset",
        "application/json; charset=utf-16",
        "application/json; charset=\"",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-7",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/html; charset=\u00ff",
        ";",
        "a/b/c",
        "",
    ];

    private static string HostOf(Dice dice, bool isHostile) =>
        isHostile && dice.Chance(0.03)
            ? dice.Pick(["", "localhost:99999", "a_b", "127.0.0.1", "[::1]", "xn--", "evil.example", new string('a', 300)])
            : "localhost";

    /// <summary>Whatever may stand in a header at all: the server itself refuses line breaks and NUL.</summary>
    private static string Header(Dice dice) =>
        new([.. dice.Pick(FuzzTexts.Hostile).Where(letter => letter >= ' ' && letter is not '\u007f').Take(200)]);

    /// <param name="isSure">False when the segments may lead to another address.</param>
    private string PathOf(string path, Dice dice, bool isHostile, out bool isSure)
    {
        isSure = true;
        var parts = path.Split('/');
        for (var at = 0; at < parts.Length; at++)
        {
            if (!parts[at].StartsWith('{'))
            {
                continue;
            }

            var value = isHostile && dice.Chance(0.3) ? dice.Pick(FuzzTexts.Hostile) : Likely(parts[at].Trim('{', '}'), dice);
            if (value.Length == 0)
            {
                isSure = false;
            }

            // NUL in a path is the server's own refusal, before the gateway sees anything.
            parts[at] = Uri.EscapeDataString(value.Replace("\0", "\u0001", StringComparison.Ordinal).Replace(FuzzTexts.Half, "\ud800"));
        }

        return string.Join('/', parts);
    }

    private string Likely(string name, Dice dice) =>
        name switch
        {
            "site" => dice.Chance(0.9) ? _site.Site.PublicId : dice.Pick(_site.Ids),
            "language" => dice.Pick(FuzzTexts.Languages),
            "number" or "version" => dice.Pick(["1", "2", "0", "-1", "draft", "published", "99999999999"]),
            _ => dice.Pick(_site.Ids),
        };

    private string QueryOf(JsonNode operation, Dice dice, bool isHostile)
    {
        var pairs = new List<string>();
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            if ((string?)parameter!["in"] == "query" && dice.Chance(0.6))
            {
                var name = (string)parameter["name"]!;
                var value = isHostile && dice.Chance(0.5) ? dice.Pick(FuzzTexts.Hostile) : _bodies.Likely(name, dice);
                pairs.Add($"{name}={Uri.EscapeDataString(value.Replace(FuzzTexts.Half, "\ud800", StringComparison.Ordinal))}");
            }
        }

        if (isHostile && dice.Chance(0.1))
        {
            pairs.Add(dice.Pick(["%00=1", "=", "&&", "a[]=1&a[]=2", "%E2%80%AE=x", "%ED%A0%80", "limit=1&limit=2", "%"]));
        }

        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private void SignIn(JsonNode operation, List<(string, string)> headers, byte[] body, Dice dice, bool isHostile)
    {
        var isWrong = isHostile && dice.Chance(0.05);
        var scheme = operation["security"]?.AsArray().FirstOrDefault()?.AsObject().Select(one => one.Key).ToList() ?? [];
        if (scheme.Contains("bearer"))
        {
            headers.Add(
                (
                    "Authorization",
                    isWrong ? dice.Pick(["Bearer", "Bearer x.y.z", "Basic !!", "Bearer " + Header(dice)]) : "Bearer " + _site.Token
                )
            );
        }
        else if (scheme.Count > 0)
        {
            var id = $"fuzz-{dice.Below(int.MaxValue)}";
            var at = _site.Site.Gateway.Clock.GetUtcNow().ToUnixTimeSeconds();
            headers.Add(("webhook-id", id));
            headers.Add(("webhook-timestamp", isWrong ? Header(dice) : at.ToString(CultureInfo.InvariantCulture)));
            headers.Add(
                ("webhook-signature", WebhookSignature.Sign(WebhookSignature.KeyOf(_site.Site.Keys.SigningSecret), id, at, body))
            );
        }
    }
}
