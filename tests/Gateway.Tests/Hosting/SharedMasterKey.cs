using Gateway.Infrastructure.Security;

namespace Gateway.Tests.Hosting;

/// <summary>A master key made once in a run: to make one takes a second of a processor, and hardly a test is about it.</summary>
internal static class SharedMasterKey
{
    private static readonly Lazy<byte[]> One = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("gateway-key-");
        var file = Path.Combine(folder.FullName, "master.pem");
        MasterKey.Create(file);
        var key = File.ReadAllBytes(file);
        folder.Delete(recursive: true);
        return key;
    });

    /// <returns>The path of the file.</returns>
    public static string WriteTo(string folder)
    {
        var file = Path.Combine(folder, "master.pem");
        File.WriteAllBytes(file, One.Value);
        return file;
    }
}
