namespace Gateway.Infrastructure.Http;

/// <summary>For the API's description: what an operation answers with a status, beyond what every operation like it does.</summary>
/// <param name="Meaning">The codes, each with when it comes: <c>`suppressed`: the address bounced.</c></param>
internal sealed record ProblemNote(int Status, string Meaning);

internal static class ProblemNotes
{
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status, string meaning) =>
        endpoint.ProducesProblem(status).WithMetadata(new ProblemNote(status, meaning));
}
