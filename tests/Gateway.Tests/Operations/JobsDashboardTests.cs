using System.Net;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Operations;

public sealed class JobsDashboardTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("127.0.0.1", StatusCodes.Status200OK)]
    [InlineData("203.0.113.7", StatusCodes.Status401Unauthorized)]
    public async Task In_development_the_jobs_are_shown_to_the_machine_itself(string from, int expected)
    {
        var answer = await gateway.Server.SendAsync(http =>
        {
            http.Request.Method = HttpMethods.Get;
            http.Request.Path = "/hangfire";
            http.Connection.RemoteIpAddress = IPAddress.Parse(from);
        });

        Assert.Equal(expected, answer.Response.StatusCode);
    }
}
