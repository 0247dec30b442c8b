using System.CommandLine;
using System.Globalization;
using Gateway.Benchmarks;
using Gateway.Benchmarks.Http;
using Gateway.Benchmarks.Ingest;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Mail;
using Gateway.Benchmarks.Pages;
using Gateway.Benchmarks.Scaling;
using Gateway.Benchmarks.Serving;
using Gateway.Benchmarks.Sms;
using Gateway.Benchmarks.Starting;

// The processes that this program starts of itself.
switch (args)
{
    case [Serve.Command, var design]:
        return await Serve.RunAsync(design);
    case [LoadProcess.Command, _]:
        return await LoadProcess.ServeAsync();
    case [SmtpSink.Command, _]:
        return await SmtpSink.ServeAsync();
    case [TwilioSink.Command, _]:
        return await TwilioSink.ServeAsync();
    case [HttpSink.Command, var ports]:
        return await HttpSink.ServeAsync(int.Parse(ports, CultureInfo.InvariantCulture));
    case [EmptyApp.Command, _]:
        return await EmptyApp.RunAsync();
    case [MailKitAlone.Command, var port]:
        return await MailKitAlone.ServeAsync(port);
}

var seconds = new Option<int>("--seconds")
{
    Description = "How long each design is measured in a round.",
    DefaultValueFactory = _ => 20,
};
seconds.Validators.Add(option =>
{
    // A request is signed once for its time, and a signature is good for five minutes.
    if (option.GetValueOrDefault<int>() is < 1 or > 240)
    {
        option.AddError("--seconds is 1 to 240.");
    }
});
var rounds = new Option<int>("--rounds")
{
    Description = "How often the designs take turns; the median counts.",
    DefaultValueFactory = _ => 5,
};
rounds.Validators.Add(option =>
{
    if (option.GetValueOrDefault<int>() < 1)
    {
        option.AddError("--rounds is 1 at the least.");
    }
});
var json = new Option<bool>("--json") { Description = "Print one line of JSON and nothing else." };
var database = new Option<string?>("--database") { Description = "Measure on this one alone: postgres or sqlite." };
database.AcceptOnlyFromAmong("postgres", "sqlite");
var connections = new Option<string?>("--connections")
{
    Description = "How many callers at once, such as 1,8,32,64; 64 alone with --json.",
};

var ingest = new Command("ingest", "How many submissions a second are taken in, against no storage and against the obvious design")
{
    seconds,
    rounds,
    connections,
    json,
};
ingest.SetAction(
    (given, ct) =>
        IngestCommand.RunAsync(
            new(given.GetValue(seconds), given.GetValue(rounds), given.GetValue(connections)),
            new Report(given.GetValue(json)),
            ct
        )
);

var alloc = new Command("alloc", "How many bytes and how much CPU time taking in a submission costs the gateway's process")
{
    seconds,
    json,
};
alloc.SetAction(
    (given, ct) => AllocCommand.RunAsync(TimeSpan.FromSeconds(given.GetValue(seconds)), new Report(given.GetValue(json)), ct)
);

var mail = new Command("mail", "How many confirmations a second go from acknowledged to handed over, against MailKit alone")
{
    seconds,
    rounds,
    database,
    json,
};
mail.SetAction(
    (given, ct) =>
        MailCommand.RunAsync(
            new(given.GetValue(seconds), given.GetValue(rounds), given.GetValue(database)),
            new Report(given.GetValue(json)),
            ct
        )
);

var sms = new Command("sms", "How many SMS a second go from accepted to handed over to a provider") { seconds, rounds, json };
sms.SetAction((given, ct) => SmsCommand.RunAsync(given.GetValue(seconds), given.GetValue(rounds), new Report(given.GetValue(json)), ct));

var bulk = new Option<int>("--bulk")
{
    Description = "How many mails the other site has to send; they should last longer than --seconds.",
    DefaultValueFactory = _ => 100_000,
};
var scale = new Command("scale", "How much two and four gateways on one PostgreSQL do, against one") { seconds, rounds, json };
scale.SetAction(
    (given, ct) => ScaleCommand.RunAsync(given.GetValue(seconds), given.GetValue(rounds), new Report(given.GetValue(json)), ct)
);

var fair = new Command("fair", "How long confirmations take while another site has a hundred thousand mails to send")
{
    seconds,
    bulk,
    json,
};
fair.SetAction((given, ct) => FairCommand.RunAsync(given.GetValue(seconds), given.GetValue(bulk), new Report(given.GetValue(json)), ct));

var hooks = new Command("hooks", "How many events a second are told to two hundred receivers") { seconds, rounds, json };
hooks.SetAction(
    (given, ct) =>
        OutgoingCommand.RunAsync(Outgoing.Hooks, given.GetValue(seconds), given.GetValue(rounds), new Report(given.GetValue(json)), ct)
);

var lists = new Command("lists", "How many contacts a second are told to a list provider that takes many at once")
{
    seconds,
    rounds,
    json,
};
lists.SetAction(
    (given, ct) =>
        OutgoingCommand.RunAsync(Outgoing.Lists, given.GetValue(seconds), given.GetValue(rounds), new Report(given.GetValue(json)), ct)
);

var contacts = new Option<int>("--contacts")
{
    Description = "How many contacts there are; five times as many submissions, and everything else in proportion.",
    DefaultValueFactory = _ => 1_000_000,
};
var pageRounds = new Option<int>("--rounds") { Description = "How often each page is opened.", DefaultValueFactory = _ => 20 };
var reuse = new Option<string?>("--reuse")
{
    Description = "A database that is kept: made and filled where there is none, measured as it is where there is one.",
};
var only = new Option<string?>("--only") { Description = "Only pages whose address matches this regular expression." };
var console = new Command("console", "How long pages of the console take beside a million contacts and five million submissions")
{
    contacts,
    pageRounds,
    reuse,
    only,
    json,
};
console.SetAction(
    (given, ct) =>
        ConsoleCommand.RunAsync(
            given.GetValue(contacts),
            given.GetValue(pageRounds),
            given.GetValue(reuse),
            given.GetValue(only),
            given.GetValue(json),
            ct
        )
);

var program = new Option<FileInfo?>("--program")
{
    Description = "The published program; without it the built one is started, which the runtime has to compile.",
};
var start = new Command("start", "How long the program takes to be ready, against an empty app, and a command to end")
{
    program,
    rounds,
    json,
};
start.SetAction(
    (given, ct) => StartCommand.RunAsync(given.GetValue(program), given.GetValue(rounds), new Report(given.GetValue(json)), ct)
);

var table = new Option<FileInfo?>("--table") { Description = "Put the table of all figures into this file, between its marks." };
var all = new Command("all", "Everything in turn, each for a short time") { table, program };
all.SetAction((given, ct) => AllCommand.RunAsync(given.GetValue(table), given.GetValue(program), ct));

try
{
    return await new RootCommand(
        "Measures the gateway on this machine. PostgreSQL takes part when GATEWAY_BENCH_POSTGRES names a server."
    )
    {
        ingest,
        alloc,
        mail,
        sms,
        scale,
        fair,
        hooks,
        lists,
        console,
        start,
        all,
    }
        .Parse(args)
        .InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) }
        );
}
catch (OperationCanceledException)
{
    return 130;
}
catch (BenchmarkFailed failed)
{
    await System.Console.Error.WriteLineAsync(failed.Message);
    return 1;
}
