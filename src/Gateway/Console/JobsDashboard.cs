using Gateway.Console.SignIn;
using Gateway.Infrastructure.Http;
using Hangfire;

namespace Gateway.Console;

/// <summary>Hangfire's dashboard at /hangfire, for operators who are signed in.</summary>
internal static class JobsDashboard
{
    /// <summary>Its pages write styles of their own, an exception from the admin pages' policy; its scripts are files.</summary>
    private const string Csp =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src "
        + "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapJobsDashboard(this IEndpointRouteBuilder app) =>
        app.MapHangfireDashboard(
                "/hangfire",
                new DashboardOptions
                {
                    // The endpoint's policy decides; without a filter of its own Hangfire would let in this machine alone.
                    Authorization = [],
                    DashboardTitle = "Gateway jobs",
                    AppPath = "/admin",
                    DisplayStorageConnectionString = false,
                }
            )
            .RequireAuthorization(AdminPolicies.Operator)
            .Add(endpoint =>
            {
                var show = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = http =>
                {
                    PageSafety.Set(http.Response.Headers, Csp);
                    return show(http);
                };
            });
}
