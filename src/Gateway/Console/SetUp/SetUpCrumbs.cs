using Gateway.Console.Layout;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SetUp;

/// <summary>The way to a step.</summary>
internal static class SetUpCrumbs
{
    public static IReadOnlyList<AdminCrumb> Here => [new(T("Set up the gateway"), SetUpPages.Path)];
}
