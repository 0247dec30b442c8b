namespace Gateway.Infrastructure.Commands;

/// <summary>A file that a command writes people's data to: for nobody else on the machine.</summary>
internal static class PrivateFile
{
    public static FileStream Create(FileInfo file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(file.FullName, options);
    }
}
