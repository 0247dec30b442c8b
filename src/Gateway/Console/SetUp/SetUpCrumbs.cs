using Gateway.Console.Layout;

namespace Gateway.Console.SetUp;

/// <summary>The way to a step.</summary>
internal static class SetUpCrumbs
{
    public static readonly IReadOnlyList<AdminCrumb> Here = [new("Set up the gateway", SetUpPages.Path)];
}
