using System.Net;
using System.Net.Sockets;
using Gateway.Infrastructure.Settings;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.Extensions.Configuration;

namespace Gateway.Tests.Operations;

/// <summary>Bad configuration stops the start with a sentence for each error, and without a stack trace.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-settings-").FullName;

    /// <summary>As a new installation does it: in a process of its own, with nothing set.</summary>
    [Fact]
    public async Task In_production_every_missing_setting_is_named()
    {
        var nothing = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" };
        var (code, _, error) = await GatewayProcess.CommandAsync(_folder, nothing, "", "check", "config");

        Assert.Equal(1, code);
        Assert.Contains("Gateway__PublicUrl", error, StringComparison.Ordinal);
        Assert.Contains("Gateway__MasterKeyFile", error, StringComparison.Ordinal);
        Assert.Contains("Mail__", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "data/master.pem")));
    }

    [Theory]
    [InlineData("Gateway__PublicUrl", "gateway.example.org", "Gateway__PublicUrl")]
    [InlineData("Gateway__PublicUrl", "https://example.org/path", "without a path")]
    [InlineData("Gateway__Roles", "api,cook", "Gateway__Roles")]
    [InlineData("Gateway__TrustedProxies", "10.0.0.0/8, everybody", "everybody")]
    [InlineData("Gateway__PublicUrl", "https://example.org/#top", "without a path")]
    [InlineData("Gateway__PublicUrl", "https://ada:secret@example.org", "Gateway__PublicUrl must not hold a user")]
    [InlineData("Gateway__MasterKeyFile", "", "Gateway__MasterKeyFile is empty")]
    [InlineData("Gateway__MasterKeyFile", "/", "names /, which is a folder")]
    [InlineData("Gateway__Limits__AddressPerMinute", "0", "Gateway__Limits__AddressPerMinute must be above zero.")]
    [InlineData("Templates__CpuSeconds", "0", "Templates__CpuSeconds must be a number")]
    [InlineData("urls", "http://127.0.0.1:0; http://127.0.0.1:99999", "ASPNETCORE_URLS has a port that is none")]
    [InlineData("urls", "http://127.0.0.1:80x", "ASPNETCORE_URLS has a port that is none")]
    [InlineData("urls", "127.0.0.1:80", "ASPNETCORE_URLS must be an address")]
    [InlineData("urls", "ftp://127.0.0.1:80", "ASPNETCORE_URLS must begin with http://")]
    [InlineData("urls", "http://127.0.0.1:80/path", "ASPNETCORE_URLS must be an address without a path")]
    [InlineData("urls", "http://localhost:0", "ASPNETCORE_URLS must name a port for localhost")]
    [InlineData("urls", "http://[::1]:5080;http://unix:/run/gateway.sock;http://*:80;http://+", null)]
    [InlineData("http_ports", "8080;abc", "ASPNETCORE_HTTP_PORTS has a port that is none")]
    [InlineData("https_ports", "-1", "ASPNETCORE_HTTPS_PORTS has a port that is none")]
    [InlineData("Kestrel__Endpoints__Http__Url", "nonsense", "Kestrel__Endpoints__Http__Url must be an address")]
    [InlineData("Gateway__Metrics__Port", "5000", "Gateway__Metrics__Port must be another port")]
    [InlineData("Gateway__Oidc__Authority", "https://issuer.example", "Gateway__Oidc__Audience")]
    [InlineData("Gateway__Oidc__Authority", "http://issuer.example", "Gateway__Oidc")]
    [InlineData("Gateway__Admin__Oidc__Authority", "https://issuer.example", "Gateway__Admin__Oidc__ClientId")]
    [InlineData("Gateway__Admin__Oidc__Authority", "http://issuer.example", "Gateway__Admin__Oidc__Authority")]
    [InlineData("Gateway__Admin__Oidc__Authority", "https://issuer.example", "nobody could sign in")]
    [InlineData("Gateway__Admin__SessionDays", "91", "Gateway__Admin__SessionDays must be 1 to 90.")]
    [InlineData("Gateway__Admin__SessionDays", "0", "Gateway__Admin__SessionDays must be 1 to 90.")]
    [InlineData("Gateway__Admin__SignInAgainAfter", "00:00:01", "Gateway__Admin__SignInAgainAfter must be 00:00:10")]
    [InlineData("Mail__Transport", "pigeon", "Mail__Transport")]
    [InlineData("Hooks__TimeLimit", "00:10:00", "Hooks__TimeLimit")]
    [InlineData("Lists__Mailjet__ApiKey", "only-half", "Lists__Mailjet")]
    [InlineData("Mail__Smtp__Port", "abc", "Mail__Smtp__Port must be a whole number.")]
    [InlineData("Mail__Smtp__Port", "99999999999", "Mail__Smtp__Port must be a whole number.")]
    [InlineData("Gateway__Metrics__Port", "", null)]
    [InlineData("Sms__Twilio__TimeLimit", "soon", "Sms__Twilio__TimeLimit must be a length of time")]
    [InlineData("Sms__Mailjet__MessagesPerSecond", "fast", "Sms__Mailjet__MessagesPerSecond must be a number.")]
    [InlineData("Hooks__AllowPrivateTargets", "perhaps", "Hooks__AllowPrivateTargets must be true or false.")]
    [InlineData("Gateway__Limits__CallerBurst", "1e3", "Gateway__Limits__CallerBurst must be a whole number.")]
    [InlineData("Logging__LogLevel__Default", "Loud", "Logging__LogLevel__Default must be one of")]
    [InlineData("ConnectionStrings__Gateway", "Hots=db;Database=gateway", "a part \"Hots\" that does not exist. Did you mean \"Host\"?")]
    [InlineData("ConnectionStrings__Gateway", "Host=db;Usrname=x", "Did you mean \"Username\"?")]
    [InlineData("ConnectionStrings__Gateway", "Host=db;Port=abc", "The part \"port\" of ConnectionStrings__Gateway has a value")]
    [InlineData("ConnectionStrings__Gateway", "Data Surce=x.db", "Did you mean \"Data Source\"?")]
    [InlineData("ConnectionStrings__Gateway", "Mode=ReadOnly", "names no database")]
    [InlineData("ConnectionStrings__Gateway", "Data Source=:memory:", "a database in memory")]
    [InlineData("ConnectionStrings__Gateway", "Data Source=gateway;Mode=Memory", "a database in memory")]
    [InlineData("ConnectionStrings__Gateway", "Data Source=file:gateway?mode=memory", "a database in memory")]
    [InlineData("ConnectionStrings__Gateway", "Data Source=/proc/version/gateway.db", "'/proc/version'")]
    [InlineData("ConnectionStrings__Gateway", "Data Source=gateway.db;Password=x", "ConnectionStrings__Gateway has a password")]
    [InlineData("ConnectionStrings__Gateway", "Host=db;Maximum Pool Size=1;Minimum Pool Size=10", "'Max Pool Size' 1")]
    [InlineData("ConnectionStrings__Gateway", "Host=db1,db2;Target Session Attributes=standby", "takes no writes")]
    [InlineData(
        "ConnectionStrings__Gateway",
        "Database=gateway;Username=x",
        "\"Database\", which belongs to PostgreSQL, but no \"Host\""
    )]
    [InlineData("ConnectionStrings__Gateway", "Server=db;Uid=x", "\"Server\", which belongs to PostgreSQL, but no \"Host\"")]
    [InlineData("ConnectionStrings__Gateway", "Database=gateway;Hots=db", "Did you mean \"Host\"?")]
    [InlineData("ConnectionStrings__Gateway", "gateway.db", "ConnectionStrings__Gateway must be parts such as")]
    [InlineData("Confirmations__Budget__MailboxPerDay", "-1", "Confirmations__Budget__MailboxPerDay")]
    [InlineData("Mail__Budget__MailboxPerHour", "-1", "Mail__Budget__MailboxPerHour")]
    [InlineData("Mail__Budget__SitePerDay", "-1", "Mail__Budget__SitePerDay")]
    [InlineData("Confirmations__Budget__LargeDomains", "gmail", "is no domain")]
    [InlineData("Confirmations__Breaker__Mode", "panic", "enforce, observe, off")]
    [InlineData("Confirmations__Breaker__AlwaysAllowed", "0", "AlwaysAllowed")]
    [InlineData("Confirmations__Domains__NoMail", "maybe", "record, refuse, allow")]
    [InlineData("Confirmations__Domains__TimeLimit", "00:01:00", "Confirmations__Domains__TimeLimit")]
    [InlineData("Gateway__NameServer", "ns.example.org", "must be an IP address")]
    [InlineData("Confirmations__Domains__DisposableFile", "/no/such/file", "does not exist")]
    public async Task A_setting_that_makes_no_sense_is_told_in_a_sentence(string name, string value, string? told)
    {
        var settings = SettingsWithKey;
        settings[name] = value;

        var (code, _, error) = await RunAsync(settings, "check", "config");

        Assert.Equal(told is null ? 0 : 1, code);
        Assert.Contains(told ?? "", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_with_https_needs_a_certificate_that_is_named()
    {
        var settings = new Dictionary<string, string>(SettingsWithKey)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["urls"] = "https://127.0.0.1:5793",
        };

        var (_, _, without) = await RunAsync(settings, "check", "config");
        settings["Kestrel__Certificates__Default__Path"] = "gateway.pfx";
        var (_, _, with) = await RunAsync(settings, "check", "config");

        Assert.Contains("ASPNETCORE_URLS begins with https://, which needs a certificate", without, StringComparison.Ordinal);
        Assert.DoesNotContain("ASPNETCORE_URLS", with, StringComparison.Ordinal);
    }

    /// <summary>What only the start finds out, in a process of its own.</summary>
    [Theory]
    [InlineData("Gateway__Metrics__Port", "{taken}", "listens already at http://127.0.0.1:{taken} (Gateway__Metrics__Port).")]
    [InlineData("Kestrel__Certificates__Default__Subject", "nobody's", "Something happened that was not foreseen")]
    public async Task A_start_that_fails_says_why_in_a_sentence(string name, string value, string told)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = $"{((IPEndPoint)other.LocalEndpoint).Port}";
        var settings = new Dictionary<string, string>(SettingsWithKey)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            [name] = value.Replace("{taken}", taken, StringComparison.Ordinal),
        };

        var (code, output, error) = await GatewayProcess.CommandAsync(_folder, settings, "");

        Assert.Equal(1, code);
        Assert.Contains(told.Replace("{taken}", taken, StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urls", "http://192.0.2.1:80", "http://192.0.2.1:80 (ASPNETCORE_URLS)")]
    [InlineData("http_ports", "81", "http://*:81 (ASPNETCORE_HTTP_PORTS)")]
    [InlineData("Kestrel:Endpoints:Own:Url", "http://127.0.0.1:82", "http://127.0.0.1:82 (Kestrel__Endpoints__Own__Url)")]
    public void An_address_that_cannot_be_listened_at_is_told_with_its_setting(string name, string value, string told)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build();

        var refused = ListenAddresses.Of(configuration).ErrorOf(new SocketException((int)SocketError.AddressNotAvailable));

        Assert.StartsWith($"The gateway cannot listen at {told}: AddressNotAvailable.", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_do_not_exist_are_told_with_the_nearest_that_do_and_without_their_values()
    {
        (string Name, string Hint)[] wrong =
        [
            ("Mail__Smpt__Host", "Did you mean Mail__Smtp__Host?"),
            ("Gateway__PublicURI", "Did you mean Gateway__PublicUrl?"),
            ("Gatway__PublicUrl", "Did you mean Gateway__PublicUrl?"),
            ("Mail__Password", ""),
            ("Mail_Smtp_Host", "Did you mean Mail__Smtp__Host?"),
            ("GATEWAY_PUBLICURL", "Did you mean Gateway__PublicUrl?"),
            ("Sms__Twilio__AuthTokn", "Did you mean Sms__Twilio__AuthToken?"),
            ("ConnectionStrings__Gatewy", "Did you mean ConnectionStrings__Gateway?"),
        ];
        var settings = SettingsWithKey;
        foreach (var name in new[] { "ConnectionStrings__Shop", "Shop__Name", "Serilog__Level", "GATEWAY_PORT" })
        {
            settings[name] = "hunter2";
        }

        var (good, silence, _) = await RunAsync(settings, "check", "config");
        foreach (var (name, _) in wrong)
        {
            settings[name] = "hunter2";
        }

        var (code, output, _) = await RunAsync(settings, "check", "config");

        Assert.Equal((0, 0), (good, code));
        Assert.Equal("The settings are in order.", silence.Trim());
        Assert.All(
            wrong,
            one => Assert.Contains($"There is no setting {one.Name}, so it does nothing. {one.Hint}", output, StringComparison.Ordinal)
        );
        Assert.Equal(wrong.Length, output.Split("There is no setting").Length - 1);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_and_what_is_misspelled_are_told_together()
    {
        var settings = new Dictionary<string, string>(Settings)
        {
            ["Mail__Transport"] = "smtp",
            ["Mail__Smpt__Host"] = "smtp.shop.example",
        };

        var (code, _, error) = await RunAsync(settings, "check", "config");

        Assert.Equal(1, code);
        Assert.Contains("Mail__Smtp__Host must be", error, StringComparison.Ordinal);
        Assert.Contains("Did you mean Mail__Smtp__Host?", error, StringComparison.Ordinal);
    }

    /// <summary>The file documents every setting, and a setting that it lacks would be told as one that does not exist.</summary>
    [Fact]
    public void The_file_of_settings_and_the_options_classes_know_the_same_settings()
    {
        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "src/Gateway/appsettings.json")).Build();
        var documented = file.AsEnumerable().Select(one => one.Key).Where(key => !file.GetSection(key).GetChildren().Any());

        Assert.Equal(
            new KnownSettings().Names.Order(StringComparer.Ordinal),
            documented.Where(key => !key.StartsWith("Logging", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("this is no key")]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n")]
    public async Task A_master_key_that_is_none_is_told_in_a_sentence(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(MasterKeyFile)!);
        await File.WriteAllTextAsync(MasterKeyFile, content);

        var (code, _, error) = await RunAsync(Settings, "check", "config");

        Assert.Equal(1, code);
        Assert.Contains("which is not a master key", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_without_the_servers_settings_says_where_it_looked_and_makes_no_database()
    {
        var nothing = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["GATEWAY_ENV_FILE"] = Path.Combine(_folder, "gateway.env"),
        };
        await File.WriteAllTextAsync(nothing["GATEWAY_ENV_FILE"], "# nothing yet");

        var (code, _, error) = await GatewayProcess.CommandAsync(_folder, nothing, "", "site", "list");

        Assert.Equal(1, code);
        Assert.Contains(Path.Combine(_folder, "data/gateway.db"), error, StringComparison.Ordinal);
        Assert.Contains(nothing["GATEWAY_ENV_FILE"], error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "data/gateway.db")));
    }

    [Theory]
    [InlineData("", "is a folder")]
    [InlineData("nothing.env", "does not exist")]
    public async Task A_file_of_the_environment_that_is_named_must_be_there(string name, string told)
    {
        var settings = new Dictionary<string, string>(SettingsWithKey)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["GATEWAY_ENV_FILE"] = Path.Combine(_folder, name),
        };

        var (code, _, error) = await GatewayProcess.CommandAsync(_folder, settings, "", "check", "config");

        Assert.Equal(1, code);
        Assert.Contains(settings["GATEWAY_ENV_FILE"], error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A='hunter2'", "A=hunter2", null)]
    [InlineData("  ; A=hunter2", "", null)]
    [InlineData("export A=hunter2", "A=hunter2", "begins with export")]
    [InlineData("A", "", "is not of the form NAME=value")]
    [InlineData("A: hunter2", "", "is not of the form NAME=value")]
    [InlineData("A: hunter=2", "", "is not of the form NAME=value")]
    [InlineData("=hunter2", "", "is not of the form NAME=value")]
    [InlineData("A=\"hunter2", "A=\"hunter2", "has a quote that is not closed, so A begins with it")]
    [InlineData("A='", "A='", "has a quote that is not closed")]
    public void A_line_that_is_not_read_as_it_was_meant_is_told_with_its_number(string line, string read, string? told)
    {
        var file = EnvironmentFile.Parse(["# first", line]);

        Assert.Equal(read, string.Join(' ', file.Variables.Select(one => $"{one.Name}={one.Value}")));
        Assert.Equal(told is null ? 0 : 1, file.Warnings.Count);
        Assert.All(file.Warnings, warning => Assert.StartsWith($"Line 2 of {EnvironmentFile.Path} {told}", warning));
        Assert.DoesNotContain(file.Warnings, warning => warning.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_reads_the_file_of_the_servers_environment_and_the_environment_counts_more()
    {
        var file = Path.Combine(_folder, "gateway.env");
        await File.WriteAllLinesAsync(
            file,
            [
                "# the server's settings",
                "ASPNETCORE_ENVIRONMENT=Development",
                $"ConnectionStrings__Gateway='Data Source={Path.Combine(_folder, "of-the-file.db")}'",
                $"Gateway__MasterKeyFile=\"{MasterKeyFile}\"",
                "Mail__Smpt__Host=of.the.file",
                "Sms__Rout=of.the.file",
                "Mail__From: ann@shop.example",
            ]
        );
        var settings = new Dictionary<string, string> { ["GATEWAY_ENV_FILE"] = file, ["Sms__Rout"] = "" };

        var (code, output, error) = await GatewayProcess.CommandAsync(_folder, settings, "", "check", "config");

        Assert.Equal((0, ""), (code, error));
        Assert.True(File.Exists(Path.Combine(_folder, "of-the-file.db")));
        Assert.Contains("Mail__Smpt__Host", output, StringComparison.Ordinal);
        Assert.Contains($"Warning: Line 7 of {file} is not of the form", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Sms__Rout", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_says_of_each_server_whether_it_lets_us_in()
    {
        await using var mail = new ScriptedSmtp
        {
            Offers = ["AUTH PLAIN LOGIN"],
            Script = command => command.StartsWith("AUTH", StringComparison.Ordinal) ? "535 5.7.8 no" : null,
        };
        var settings = new Dictionary<string, string>(SettingsWithKey)
        {
            ["Mail__Transport"] = "smtp",
            ["Mail__Smtp__Host"] = "127.0.0.1",
            ["Mail__Smtp__Port"] = $"{mail.Port}",
            ["Mail__Smtp__Security"] = "none",
            ["Mail__Smtp__User"] = "ada",
            ["Mail__Smtp__Password"] = "wrong",
            ["Lists__Brevo__BaseUrl"] = $"http://127.0.0.1:{mail.Port}",
            ["Lists__Brevo__ApiKey"] = "key",
        };

        var (code, _, error) = await RunAsync(settings, "check", "config", "--connect");
        mail.Script = _ => null;
        settings.Remove("Lists__Brevo__ApiKey");
        var (well, output, _) = await RunAsync(settings, "check", "config", "--connect");

        Assert.Equal((1, 0), (code, well));
        Assert.StartsWith("The settings can be read, but not everything works:", error, StringComparison.Ordinal);
        Assert.StartsWith("The settings are in order.", output, StringComparison.Ordinal);
        Assert.Contains("refuses the user or password", error, StringComparison.Ordinal);
        Assert.Contains(
            $"Lists at Brevo: Brevo did not answer at http://127.0.0.1:{mail.Port}/ (Lists__Brevo__BaseUrl).",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains($"Mail server 127.0.0.1:{mail.Port}: works", output, StringComparison.Ordinal);
        Assert.Empty(mail.Mails);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_with_the_id_of_who_has_it()
    {
        var settings = SettingsWithKey;
        var first = (await RunAsync(settings, "site", "add", "Bäckerei", "--json")).Json.GetProperty("site").GetString()!;
        var list = (await RunAsync(settings, "list", "add", first, "News", "--json")).Json.GetProperty("list").GetString()!;

        var site = await RunAsync(settings, "site", "add", "bÄCKEREI ");
        var again = await RunAsync(settings, "list", "add", first, "news");
        var meant = await RunAsync(settings, "site", "add", "Bäckerei", "--same-name");

        Assert.Equal((1, 1, 0), (site.Code, again.Code, meant.Code));
        Assert.Contains(first, site.Error, StringComparison.Ordinal);
        Assert.Contains(list, again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_whose_master_key_is_gone_is_not_given_a_new_one()
    {
        Assert.Equal(0, (await RunAsync(Settings, "site", "add", "Shop")).Code);
        File.Delete(MasterKeyFile);

        var (code, _, error) = await RunAsync(Settings, "check", "config");

        Assert.Equal(1, code);
        Assert.Contains("master", error, StringComparison.Ordinal);
        Assert.False(File.Exists(MasterKeyFile));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string MasterKeyFile => Path.Combine(_folder, "data/master.pem");

    private Dictionary<string, string> Settings =>
        new()
        {
            ["ConnectionStrings__Gateway"] = $"Data Source={Path.Combine(_folder, "data/gateway.db")};Pooling=False",
            ["Gateway__PublicUrl"] = "http://localhost",
            ["Gateway__MasterKeyFile"] = MasterKeyFile,
        };

    /// <summary>The same with a key that is there already.</summary>
    private Dictionary<string, string> SettingsWithKey => new(Settings) { ["Gateway__MasterKeyFile"] = SharedMasterKey.WriteTo(_folder) };

    private static async Task<CommandResult> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        await using var installation = new Installation(settings);
        return await installation.TryAsync(arguments);
    }
}
