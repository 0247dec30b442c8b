namespace Gateway.Tests.Hosting;

/// <summary>The checkout the tests run in.</summary>
internal static class Repository
{
    public static readonly string Root = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Gateway.sln")) ? folder : Find(Directory.GetParent(folder)!.FullName);
}
