using Gateway.Console.Story;
using Gateway.Features.Lists;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Submissions;

/// <summary>What became of asking somebody to confirm a list, step by step.</summary>
internal static class RequestSteps
{
    public static StoryStep Begun(OptInRequest request, string list) =>
        new(
            request.CreatedAt,
            T($"Understood: somebody wants “{list}”"),
            request.LeadId is null ? null : T("One email asks for all lists of the form.")
        );

    /// <returns>Null where the person answered.</returns>
    public static StoryStep? Unanswered(OptInRequest request, string list) =>
        request.State switch
        {
            OptInState.Pending => new(
                request.ExpiresAt,
                T($"The link to confirm “{list}” stops working"),
                T("Nobody has pressed it yet.")
            ),
            OptInState.Held => new(request.DueAt, T("The confirmation email is held back"), HeldFor(request.HeldFor), "warn"),
            OptInState.Refused => new(request.CreatedAt, T("No email was sent"), HeldFor(request.HeldFor), "bad"),
            OptInState.Expired => new(request.ExpiresAt, T($"Nobody confirmed “{list}” in time"), T("They can sign up again."), "warn"),
            OptInState.Declined => new(
                request.CreatedAt,
                T($"The person did not want “{list}”"),
                T("They confirmed other lists of the form.")
            ),
            OptInState.Voided => new(
                request.CreatedAt,
                T($"Another email about “{list}” was answered"),
                T("This one needs no answer any more.")
            ),
            _ => null,
        };

    /// <param name="isHere">Whether the list is kept by this gateway, so that nobody else is told.</param>
    public static IEnumerable<StoryStep> Told(ListSync sync, string list, bool isHere, string siteUrl)
    {
        if (sync.Failure is { } failure)
        {
            yield return new(
                sync.DueAt,
                T($"The provider of “{list}” could not be told"),
                TStored(failure),
                "bad",
                $"{siteUrl}/failed/syn_{sync.Id:N}"
            );
        }
        else if (sync.SyncedAt is { } at)
        {
            var what = sync.Synced switch
            {
                DesiredState.Subscribed when isHere => T($"On “{list}”, kept by this gateway"),
                DesiredState.Subscribed => T($"Added to “{list}” at its provider"),
                DesiredState.Unsubscribed => T($"Unsubscribed from “{list}” at its provider"),
                _ => T($"Taken off “{list}” at its provider"),
            };
            yield return new(at, what, TStored(sync.Remark), "good");
        }

        if (sync is { Failure: null, DueAt: { } due })
        {
            yield return new(
                due,
                T($"The provider of “{list}” is told"),
                sync.HeldBy is null ? null : T("Its connection does not work now.")
            );
        }
    }

    private static string? HeldFor(HoldReason? reason) =>
        reason switch
        {
            null => null,
            HoldReason.Site => T("The site's limit is reached. It leaves by itself."),
            HoldReason.Unconfirmed => T("Too few people of the domain confirm. It leaves by itself."),
            _ => T("Limits of this gateway protect people from unwanted mail. It leaves by itself."),
        };
}

/// <summary>What hooks were told.</summary>
internal static class HookSteps
{
    public static StoryStep Of(Features.Webhooks.ToldEvent told, string siteUrl)
    {
        var row = told.Delivery;
        var id = PublicId.Format(PublicId.Delivery, row.Id);
        return row.State switch
        {
            Features.Webhooks.DeliveryState.Delivered => new(
                row.DeliveredAt,
                T($"Hook at {row.Host} was told {told.Type}"),
                Answer(row.Answer),
                "good"
            ),
            Features.Webhooks.DeliveryState.Failed => new(
                row.CreatedAt,
                T($"Hook at {row.Host} could not be told {told.Type}"),
                Answer(row.Answer),
                "bad",
                $"{siteUrl}/failed/{id}"
            ),
            Features.Webhooks.DeliveryState.Dropped => new(row.CreatedAt, T($"Hook at {row.Host} ended before it was told {told.Type}")),
            _ => new(row.DueAt, T($"Hook at {row.Host} is told {told.Type}"), Answer(row.Answer)),
        };
    }

    private static string? Answer(string? answer) => answer is null ? null : T($"It answered: {answer}");
}
