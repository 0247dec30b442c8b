namespace Gateway.Infrastructure.Data.Backups;

/// <summary>A copy of the whole database in one file, and the way back. What cannot be done is a <c>StartupError</c>.</summary>
internal interface IDatabaseBackup
{
    /// <summary>Copies the database as it is at one moment, while gateways go on working.</summary>
    /// <param name="file">It is there whole or not at all, and only its owner may read it. One that exists is never replaced.</param>
    Task BackupAsync(string file, CancellationToken ct);

    /// <summary>Puts the database of a backup where the settings say. It is read and checked before anything is changed.</summary>
    /// <param name="replace">Whether a database that holds something is set aside.</param>
    /// <returns>Where the database that was set aside stands; null when there was none.</returns>
    Task<string?> RestoreAsync(string file, bool replace, CancellationToken ct);
}

/// <summary>What must not be done again because it may have been done since the backup was made.</summary>
internal interface IAfterRestore
{
    /// <summary>Takes such rows off their queue, visibly, inside the caller's transaction.</summary>
    /// <returns>How many, with what they are: <c>SMS</c>.</returns>
    Task<(string What, int Count)> SetAsideAsync(CancellationToken ct);
}
