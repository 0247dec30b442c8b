using System.Net;
using Refit;

namespace Gateway.Features.Lists.Listmonk;

/// <summary>
/// Whom an answer of listmonk concerns. Its errors are <c>{message}</c> in the server's language, so that the status alone decides.
/// </summary>
internal static class ListmonkAnswers
{
    /// <summary>The list was deleted, or is none of the user's.</summary>
    public static readonly Verdict ListRefused = Verdict.Account(
        "list_refused",
        "listmonk lets the API user do nothing with this list (403): it was deleted there, or the user's role does not have it. The role "
            + "must be allowed to see and to manage the list, and needs subscribers:get_all and subscribers:manage. If it was deleted: "
            + ProviderAnswers.UnknownList,
        isList: true
    );

    /// <summary>Such as somebody who is on lists that the user has no part in.</summary>
    public static readonly Verdict PersonRefused = Verdict.Refused(
        "listmonk lets the API user not change this subscriber (403): its role needs lists:manage_all."
    );

    public static Verdict Judge(ProviderAnswer answer) =>
        answer.Status switch
        {
            HttpStatusCode.Unauthorized => Refused(401),
            HttpStatusCode.Forbidden => Refused(403),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Verdict.Account(
                "address_moved",
                $"listmonk redirects ({(int)answer.Status}), which is not followed. Set the Url of the list's connection to the final "
                    + "address."
            ),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => Verdict.Account(
                "address_unknown",
                $"There is no listmonk at this address ({(int)answer.Status}). Check {ListmonkLists.Settings}__Url, or that of the list's "
                    + "connection."
            ),
            _ => answer.Judge(ListmonkLists.Name, ListmonkLists.Settings),
        };

    /// <summary>A 403 is often about one list or one person alone: the others may be taken all the same.</summary>
    /// <param name="narrow">What it means where the user may do other things.</param>
    public static async Task<Verdict> JudgeAsync(
        this IListmonkApi api,
        IApiResponse answer,
        Verdict narrow,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (answer.StatusCode == HttpStatusCode.Forbidden)
        {
            using var asked = await api.AskAsync(ct);
            if (asked.IsSuccessful)
            {
                return narrow;
            }
        }

        return Judge(ProviderAnswer.Of(answer, clock));
    }

    /// <summary>listmonk answers the same to a wrong token and to a user who may not do this.</summary>
    private static Verdict Refused(int status) =>
        Verdict.Account(
            "credentials_refused",
            $"listmonk refuses the credentials, or the user may not do this ({status}). Check {ListmonkLists.Settings}__User and __Token, "
                + "or those of the list's connection. Its role needs subscribers:get_all, subscribers:manage, subscribers:sql_query, "
                + "and must be allowed to see and to manage the list."
        );
}
