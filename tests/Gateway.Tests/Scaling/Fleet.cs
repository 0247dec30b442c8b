using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Scaling;

/// <summary>Gateways in processes of their own on one database, one site, and what its plugin sends to all of them.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    /// <summary>For thousands of rows on a machine that has other things to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _settings;
    private readonly string _connection;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-fleet-");
    private readonly Installation _installation;
    private readonly List<GatewayProcess> _gateways = [];
    private Load? _load;

    /// <param name="connection">As the gateways have it.</param>
    public Fleet(string connection)
    {
        _connection = connection;
        SharedMasterKey.WriteTo(_folder.FullName);
        _settings = new(GatewayProcess.Settings(connection, _folder.FullName))
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Mail__Transport"] = "smtp",
            ["Mail__From"] = "news@shop.example",
            ["Mail__Smtp__Host"] = "127.0.0.1",
            ["Mail__Smtp__Port"] = $"{Smtp.Port}",
            ["Mail__Smtp__Security"] = "none",
        };
        _installation = new(_settings);
    }

    public IReadOnlyList<GatewayProcess> Gateways => _gateways;

    public Load Load => _load!;

    /// <summary>Where all of them hand mails over.</summary>
    public ScriptedSmtp Smtp { get; } = new();

    /// <summary>Starts so many at the same moment.</summary>
    public async Task StartAsync(int gateways)
    {
        for (var started = 0; started < gateways; started++)
        {
            _gateways.Add(GatewayProcess.Start(_connection, _folder.FullName, settings: _settings));
        }

        await Task.WhenAll(_gateways.Select(gateway => gateway.Listening));
        var site = await _installation.RunAsync("site", "add", "Fleet", "--from", "news@shop.example");
        var siteId = site.GetProperty("site").GetString()!;
        var list = await _installation.RunAsync("list", "add", siteId, "Newsletter");
        _load = new(siteId, list.GetProperty("list").GetString()!, site.GetProperty("signingSecret").GetString()!);
    }

    /// <summary>Submits to all of them until so many more were acknowledged.</summary>
    public async Task SubmitAsync(int count)
    {
        var all = Load.Acknowledged.Count + count;
        await Task.WhenAll(
            _gateways.Select(async gateway =>
                await Load.RunAsync(await gateway.Listening, atMost: 100_000, () => Load.Acknowledged.Count >= all)
            )
        );
    }

    /// <summary>
    /// Waits until nothing is due and nothing is leased any more, and holds that each submission that was acknowledged is there, asked once
    /// and left as one mail.
    /// </summary>
    /// <returns>How many there are; some may have been stored and not acknowledged, since somebody hung up.</returns>
    public async Task<int> AllReachTheirEndAsync()
    {
        await Eventually.BecomesAsync(
            () => InDatabaseAsync(db => db.Submissions.CountAsync(row => row.DueAt != null)),
            waiting => waiting == 0,
            Patience
        );
        await Eventually.BecomesAsync(
            () => InDatabaseAsync(db => db.Messages.CountAsync(row => row.DueAt != null)),
            waiting => waiting == 0,
            Patience
        );

        var rows = await InDatabaseAsync(db => db.Submissions.AsNoTracking().ToDictionaryAsync(row => row.Key));
        foreach (var (key, id) in Load.Acknowledged)
        {
            var row = Assert.Contains(key, rows);
            Assert.Equal(id, PublicId.Format(PublicId.Submission, row.Id));
            Assert.Equal(SubmissionState.Done, row.State);
        }

        var asked = await InDatabaseAsync(db =>
            db.OptInRequests.Where(row => row.SubmissionId != null).Select(row => row.SubmissionId!.Value).ToListAsync()
        );
        Assert.Equal(rows.Values.Select(row => row.Id).Order(), asked.Order());
        var messages = await InDatabaseAsync(db => db.Messages.AsNoTracking().ToListAsync());
        Assert.Equal(rows.Count, messages.Count(row => row.State == MessageState.Sent));
        return rows.Count;
    }

    /// <summary>Of all mails that came in.</summary>
    public IEnumerable<string> MessageIds() =>
        Smtp.Mails.Select(mail => mail.Split('\n').First(line => line.StartsWith("Message-I", StringComparison.OrdinalIgnoreCase)));

    public Task<T> InDatabaseAsync<T>(Func<GatewayDb, Task<T>> work) => _installation.InDatabaseAsync(work);

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        _load?.Dispose();
        await _installation.DisposeAsync();
        await Smtp.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
