using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

internal sealed class MailchimpAccount(FakeMailchimp mailchimp) : IListAccount
{
    public string Provider => "mailchimp";

    public JsonObject Settings => new() { ["apiKey"] = mailchimp.Key };

    public JsonObject WrongSettings => new() { ["apiKey"] = mailchimp.Key.Replace("0123", "f00d", StringComparison.Ordinal) };

    public string ListId => mailchimp.ListId;

    public bool IsSubscribed(string email) => (string?)mailchimp.Members.GetValueOrDefault(email)?["status"] == "subscribed";

    public int TimesTaken(string email) => mailchimp.Taken.GetValueOrDefault(email);

    public string? PropertyOf(string email, string name) =>
        (string?)mailchimp.Members[email]["merge_fields"]![mailchimp.Fields.Single(field => field.Value == name).Key];

    public void LeavesThere(string email) => mailchimp.Members[email]["status"] = "unsubscribed";

    public void AnswerWith(HttpResponseMessage? answer) => mailchimp.Before = answer is null ? _ => null : _ => Copies.Of(answer);
}

internal sealed class MailerLiteAccount(FakeMailerLiteAccount mailerLite) : IListAccount
{
    public string Provider => "mailerlite";

    public JsonObject Settings => new() { ["apiKey"] = mailerLite.Key };

    public JsonObject WrongSettings => new() { ["apiKey"] = "wrong." + mailerLite.Key };

    public string ListId => mailerLite.Group;

    public bool IsSubscribed(string email) =>
        mailerLite.Subscribers.TryGetValue(email, out var one)
        && (string?)one["status"] == "active"
        && one["groups"]!.AsArray().Any(group => (string?)group == mailerLite.Group);

    public int TimesTaken(string email) => mailerLite.Taken.GetValueOrDefault(email);

    public string? PropertyOf(string email, string name) =>
        (string?)mailerLite.Subscribers[email]["fields"]![mailerLite.Fields.Single(field => field.Value == name).Key];

    public void LeavesThere(string email) => mailerLite.Subscribers[email]["status"] = "unsubscribed";

    public void AnswerWith(HttpResponseMessage? answer) => mailerLite.Before = answer is null ? _ => null : _ => Copies.Of(answer);
}

/// <summary>A program of the site's owner: it judges signatures, and does what it has done already once.</summary>
internal sealed class WebhookAccount(string url) : IListAccount
{
    private readonly ConcurrentDictionary<string, JsonObject> _people = new();
    private readonly ConcurrentDictionary<string, int> _taken = new();
    private readonly ConcurrentDictionary<string, bool> _done = new();
    private readonly string _secret = WebhookSignature.NewSecret();
    private HttpResponseMessage? _answer;

    public string Provider => "webhook";

    public JsonObject Settings => new() { ["url"] = url, ["secret"] = _secret };

    public JsonObject WrongSettings => new() { ["url"] = url, ["secret"] = WebhookSignature.NewSecret() };

    public string ListId => "members";

    public bool RemembersLeavers => false;

    public bool HasCatalog => false;

    /// <summary>How many changes it was told of once more.</summary>
    public int Repeated { get; private set; }

    /// <summary>Stands at a name of a network that has it alone.</summary>
    public static WebhookAccount In(FakeNetwork network)
    {
        const string Host = "crm.test";
        var account = new WebhookAccount($"http://{Host}/members");
        network.Answer(Host, async (request, _) => new(account.Take(await Told.OfAsync(request))));
        return account;
    }

    public HttpStatusCode Take(Told told)
    {
        if (_answer is not null)
        {
            return _answer.StatusCode;
        }

        if (!told.IsSignedWith(_secret))
        {
            return HttpStatusCode.Unauthorized;
        }

        var changes = told.Json["changes"]!.AsArray().Select(change => change!.AsObject()).ToList();
        if (changes.Exists(change => ((string)change["email"]!).StartsWith("refused", StringComparison.Ordinal)))
        {
            return HttpStatusCode.UnprocessableEntity;
        }

        changes.ForEach(Take);
        return HttpStatusCode.OK;
    }

    public bool IsSubscribed(string email) => (string?)_people.GetValueOrDefault(email)?["action"] == "subscribe";

    public int TimesTaken(string email) => _taken.GetValueOrDefault(email);

    public string? PropertyOf(string email, string name) => (string?)_people[email]["properties"]![name];

    public void LeavesThere(string email) => _people.TryRemove(email, out _);

    public void AnswerWith(HttpResponseMessage? answer) => _answer = answer;

    private void Take(JsonObject change)
    {
        var email = (string)change["email"]!;
        _taken.AddOrUpdate(email, 1, (_, times) => times + ((string?)change["action"] == "subscribe" ? 1 : 0));
        if (_done.TryAdd((string)change["id"]!, true))
        {
            _people[email] = change.DeepClone().AsObject();
        }
        else
        {
            Repeated++;
        }
    }
}

/// <summary>A list at Mailjet, as what it was told leaves it.</summary>
internal sealed class MailjetMembers(FakeMailjet mailjet) : IListMembers
{
    private readonly FakeList _list = mailjet.NewList();

    public string Provider => "mailjet";

    public JsonObject Settings => new() { ["apiKey"] = "key", ["secretKey"] = "secret" };

    public string ListId => _list.Id;

    public bool IsSubscribed(string email) => _list.About(email).LastOrDefault()?.Action is "addforce" or "addnoforce";

    public string? PropertyOf(string email, string name) => (string?)_list.About(email).Last().Body["Properties"]![name];
}

/// <summary>A list at Brevo, as what it was told leaves it.</summary>
internal sealed class BrevoMembers(FakeBrevo brevo) : IListMembers
{
    private readonly FakeList _list = brevo.NewList();

    public string Provider => "brevo";

    public JsonObject Settings => new() { ["apiKey"] = "key" };

    public string ListId => _list.Id;

    public bool IsSubscribed(string email) => _list.About(email).LastOrDefault()?.Action == "save";

    public string? PropertyOf(string email, string name) =>
        (string?)_list.About(email).Last().Body["attributes"]![name.ToUpperInvariant()];
}

/// <summary>An answer is read once, and given many times.</summary>
internal static class Copies
{
    public static HttpResponseMessage Of(HttpResponseMessage answer) =>
        FakeList.Json(answer.StatusCode, answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
}
