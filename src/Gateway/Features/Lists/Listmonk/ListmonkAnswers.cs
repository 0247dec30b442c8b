using System.Net;

namespace Gateway.Features.Lists.Listmonk;

/// <summary>
/// Whom an answer of listmonk concerns. Its errors are <c>{message}</c> in the server's language, so that the status alone decides.
/// </summary>
internal static class ListmonkAnswers
{
    public static Verdict Judge(ProviderAnswer answer) =>
        answer.Status switch
        {
            HttpStatusCode.Unauthorized => Refused(401),
            HttpStatusCode.Forbidden => Refused(403),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Verdict.Account(
                "address_moved",
                $"listmonk redirects ({(int)answer.Status}), which is not followed. Set the Url of the list's connection to the final address."
            ),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => Verdict.Account(
                "address_unknown",
                $"There is no listmonk at this address ({(int)answer.Status}). Check {ListmonkLists.Settings}__Url, or the Url of the list's "
                    + "connection."
            ),
            _ => answer.Judge(ListmonkLists.Name, ListmonkLists.Settings),
        };

    /// <summary>listmonk answers the same to a wrong token and to a user who may not do this.</summary>
    private static Verdict Refused(int status) =>
        Verdict.Account(
            "credentials_refused",
            $"listmonk refuses the credentials, or the user may not do this ({status}). Check {ListmonkLists.Settings}__User and __Token, or "
                + "those of the list's connection. The user's role needs subscribers:get_all, subscribers:manage and subscribers:sql_query, "
                + "and must be allowed to see and to manage the list."
        );
}
