using Hangfire;
using Hangfire.Dashboard;

namespace Gateway.Features.Operations;

/// <summary>Hangfire's dashboard, for developers: in Production nobody could sign in to it yet.</summary>
internal static class JobsDashboard
{
    public static void MapJobsDashboard(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapHangfireDashboard("/hangfire", new DashboardOptions
            {
                Authorization = [new LocalRequestsOnlyAuthorizationFilter()],
                DashboardTitle = "Gateway",
                DisplayStorageConnectionString = false,
            });
        }
    }
}
