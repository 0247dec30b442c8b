using Gateway.Features.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Hooks;

public sealed class HooksOptionsTests
{
    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Production", "true", true)]
    [InlineData("Development", null, true)]
    [InlineData("Development", "false", false)]
    public void Private_targets_are_allowed_in_Development_and_where_a_setting_says_so(string environment, string? setting, bool allowed)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["Hooks:AllowPrivateTargets"] = setting;
        builder.Services.AddHooks();
        using var services = builder.Services.BuildServiceProvider();

        Assert.Equal(allowed, services.GetRequiredService<IOptions<HooksOptions>>().Value.AllowPrivateTargets);
    }
}
