using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Lists;
using Gateway.Features.Lists.Brevo;
using Gateway.Infrastructure.Connections;

namespace Gateway.Tests.Lists;

/// <summary>Whom an error of Brevo concerns, also where it repeats what a person wrote.</summary>
public sealed class BrevoAnswersTests
{
    [Theory]
    [InlineData(400, "permission_denied", "Your account is under validation", "Account")]
    [InlineData(402, "not_enough_credits", "", "Account")]
    [InlineData(403, "unauthorized", "Your account is suspended", "Account")]
    [InlineData(400, "invalid_parameter", "List ID does not exist", "Account")]
    [InlineData(400, "invalid_parameter", "Invalid list ids: [7].", "Account")]
    [InlineData(400, "document_not_found", "", "Account")]
    [InlineData(400, "invalid_parameter", "Invalid email address", "Person")]
    [InlineData(400, "duplicate_parameter", "SMS is already associated with another Contact", "Property")]
    [InlineData(400, "invalid_parameter", "CITY permission_denied is not valid", "Unknown")]
    [InlineData(400, "invalid_parameter", "account suspended is no CITY", "Unknown")]
    [InlineData(400, "invalid_parameter", "List ID does not exist is no CITY", "Unknown")]
    [InlineData(400, "invalid_parameter", "CITY has a wrong value: document_not_found", "Unknown")]
    [InlineData(400, "invalid_parameter", "CITY has a wrong value: invalid email", "Unknown")]
    public void It_is_told_by_the_code_or_the_whole_sentence(int status, string code, string message, string concern)
    {
        var body = new JsonObject
        {
            ["code"] = code,
            ["message"] = message,
            ["value"] = "not_enough_credits",
        }.ToJsonString();

        Assert.Equal(Enum.Parse<Concern>(concern), BrevoAnswers.Judge(new ProviderAnswer((HttpStatusCode)status, body)).Concern);
    }

    [Theory]
    [InlineData("Contact already removed from list and/or does not exist", true)]
    [InlineData("\"already removed\"@shop.example is not valid", false)]
    public void Who_has_left_is_told_by_the_beginning(string message, bool isGone)
    {
        var body = new JsonObject { ["code"] = "invalid_parameter", ["message"] = message }.ToJsonString();

        Assert.Equal(isGone, BrevoAnswers.IsAlreadyGone(new ProviderAnswer(HttpStatusCode.BadRequest, body)));
    }

    [Theory]
    [InlineData("<html>permission_denied</html>")]
    [InlineData("[\"not_enough_credits\"]")]
    [InlineData("")]
    public void What_is_no_error_of_Brevos_says_nothing(string body) =>
        Assert.Equal(Concern.Unknown, BrevoAnswers.Judge(new ProviderAnswer(HttpStatusCode.BadRequest, body)).Concern);
}
