using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.Live;

/// <summary>
/// Streams of Server-Sent Events beside pages that change by themselves. Each event says only that something changed; the page asks for
/// itself again. Without script, or without a stream, the page is loaded again by hand.
/// </summary>
internal static class LivePages
{
    /// <summary>So that proxies between do not take a quiet stream for a dead one.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>After so long the browser begins anew, and is let in anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn
            .MapGet(
                "/live",
                (AdminPageContext context, LiveWatch watch, HttpContext http) =>
                    FollowAsync(LiveTopic.Overview(context.User.Access), context, watch, http)
            )
            .WithName("AdminLive")
            .WithSummary("Say when the counts of the sites change")
            .Needs(SiteRights.See);

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapGet(
                "/live",
                (AdminPageContext context, LiveWatch watch, HttpContext http) =>
                    FollowAsync(LiveTopic.Site(context.SiteId), context, watch, http)
            )
            .WithName("AdminSiteLive")
            .WithSummary("Say when the counts of a site change");
        site.MapGet(
                "/submissions/{id}/live",
                (string id, AdminPageContext context, LiveWatch watch, HttpContext http) =>
                    FollowAsync(LiveTopic.Submission(context.SiteId, id), context, watch, http)
            )
            .WithName("AdminSubmissionLive")
            .WithSummary("Say when the story of a submission goes on");
        site.MapGet(
                "/messages/{id}/live",
                (string id, AdminPageContext context, LiveWatch watch, HttpContext http) =>
                    FollowAsync(LiveTopic.Message(context.SiteId, id), context, watch, http)
            )
            .WithName("AdminMessageLive")
            .WithSummary("Say when the story of an email goes on");
        site.MapGet(
                "/sms/{id}/live",
                (string id, AdminPageContext context, LiveWatch watch, HttpContext http) =>
                    FollowAsync(LiveTopic.Sms(context.SiteId, id), context, watch, http)
            )
            .WithName("AdminSmsLive")
            .WithSummary("Say when the story of an SMS goes on");
        site.MapGet(
                "/imports/{id}/live",
                (string id, AdminPageContext context, LiveWatch watch, HttpContext http) =>
                    FollowAsync(LiveTopic.Import(context.SiteId, id), context, watch, http)
            )
            .WithName("AdminImportLive")
            .WithSummary("Say when an import goes on");
    }

    /// <summary>Too many streams of one session, or in all, are refused: the page goes on without.</summary>
    /// <param name="topic">Null where there is none by the id that was asked for.</param>
    public static async Task<IResult> FollowAsync(LiveTopic? topic, AdminPageContext context, LiveWatch watch, HttpContext http)
    {
        // Of another site's thing nobody learns more than of none. A browser does not ask again.
        if (topic is null || await topic.Read(http.RequestServices, http.RequestAborted) is null)
        {
            return AdminAnswers.NotFound();
        }

        // HEAD has no body to wait for.
        if (http.Response.Body == Stream.Null)
        {
            return TypedResults.Text("", "text/event-stream");
        }

        if (!watch.TryEnter(context.User.Session))
        {
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_streams", "Close other pages, or load this one again.");
        }

        http.Response.OnCompleted(() =>
        {
            watch.Leave(context.User.Session);
            return Task.CompletedTask;
        });

        // nginx would keep it back until it ends.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(topic, context.User.Session, watch, http.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        LiveTopic topic,
        Guid session,
        LiveWatch watch,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var watched = watch.Follow(topic);
        using var ended = watch.Follow(watch.EndedSessions());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        end.CancelAfter(Longest);
        string? told = null;
        var me = session.ToString("N");
        while (!end.IsCancellationRequested)
        {
            var next = Task.WhenAny(watched.NextChange, ended.NextChange);
            if (watched.HasEnded || ended.HasEnded || ended.State?.Contains(me, StringComparison.Ordinal) == true)
            {
                yield break;
            }

            if (watched.State is { } state && state != told)
            {
                told = state;
                yield return new("", "changed");
                continue;
            }

            var beat = Task.Delay(Beat, end.Token);
            if (await Task.WhenAny(next, beat) == beat && !end.IsCancellationRequested)
            {
                yield return new("", "still");
            }
        }
    }
}
