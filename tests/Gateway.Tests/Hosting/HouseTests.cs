using System.Reflection;
using System.Runtime.CompilerServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Hosting;

/// <summary>
/// The order of the house. Each room may use only what stands above it in <see cref="Order"/>; so there is no circle, and a reader who
/// follows a
/// submission never goes back. The picture in docs/architecture.md is made of the same list.
/// </summary>
public sealed class HouseTests(HouseTests.House house) : IClassFixture<HouseTests.House>
{
    /// <summary>The rooms, from the ground up. A new feature gets its line here.</summary>
    private static readonly string[] Order =
    [
        "Infrastructure",
        "Features.Sites",
        "Features.Webhooks",
        "Features.Connections",
        "Features.Contacts",
        "Features.Templates",
        "Features.Mail",
        "Features.Lists",
        "Features.Sms",
        "Features.OptIn",
        "Features.Imports",
        "Features.Submissions",
        "Console",
        "ApiDescription",
        "CommandLine",
        "Demo",
    ];

    [Fact]
    public void Each_room_uses_only_what_stands_above_it()
    {
        var against = Uses().Where(use => At(use.To) > At(use.From)).Select(use => $"{use.Origin} uses {use.Target}");

        None(against.Distinct().Order());
    }

    [Fact]
    public void Every_type_stands_in_a_room()
    {
        var outside = house
            .Types.Where(type => type.FullName.StartsWith("Gateway.", StringComparison.Ordinal) && RoomOf(type) is null)
            .Select(type => type.FullName)
            .Where(name => name is not ("Gateway.GatewayHost" or "Gateway._Imports") && !name.Contains('<'));

        Assert.Empty(outside);
    }

    [Fact]
    public void A_table_is_touched_only_in_the_room_that_owns_it()
    {
        var foreign = Uses()
            .Where(use => use.Target.EndsWith("Tables", StringComparison.Ordinal) && use.From != use.To)
            .Select(use => $"{use.Origin} uses {use.Target}");
        var around = Types()
            .Where(type => type.Room != "Infrastructure" && !type.Type.Name.EndsWith("Tables", StringComparison.Ordinal))
            .Where(type =>
                type.Type.GetMethodMembers()
                    .Any(method =>
                        method
                            .GetMethodCallDependencies()
                            .Any(call => call.TargetMember.FullName.Contains("DbContext::Set", StringComparison.Ordinal))
                    )
            )
            .Select(type => $"{type.Type.FullName} names a table by its row");

        None(foreign.Concat(around).Distinct().Order());
    }

    [Fact]
    public void Rules_know_no_http_results()
    {
        // A rule says what came of it; the endpoint, the page or the command says it to the world.
        string[] rules =
        [
            "Store",
            "Cache",
            "Outcomes",
            "Source",
            "Queue",
            "Ledger",
            "Budget",
            "Classifier",
            "PersonalData",
            "Suppressions",
            "AcceptSms",
            "ConfigureLists",
            "ListProviders",
            "PreviewAudience",
            "PreviewValues",
            "SmsTemplates",
            "TemplateMutes",
            "TemplateSamples",
            "TestSend",
            "TransactionalMail",
        ];
        var speaking = Types()
            .Where(type => Array.Exists(rules, ending => type.Type.Name.EndsWith(ending, StringComparison.Ordinal)))
            .SelectMany(type => type.Type.GetTypeDependencies().Select(used => (type.Type, Used: used.FullName)))
            .Where(use => use.Used.StartsWith("Microsoft.AspNetCore.Http", StringComparison.Ordinal))
            .Select(use => $"{use.Type.FullName} uses {use.Used}");

        None(speaking.Distinct().Order());
    }

    [Fact]
    public void What_came_of_something_has_names_for_its_parts()
    {
        // A tuple of a value, a status, a code and a sentence says nothing about which of them are there: Result<T> and records do.
        const BindingFlags all =
            BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var unnamed =
            from type in typeof(Program).Assembly.GetTypes()
            from method in type.GetMethods(all)
            where !method.Name.Contains('<') && !type.FullName!.Contains('<')
            let parts = PartsOf(method.ReturnType)
            where parts.Length > 2 || Array.Exists(parts, part => typeof(IResult).IsAssignableFrom(part))
            select $"{type.FullName}.{method.Name}";

        None(unnamed.Distinct().Order());
    }

    [Fact]
    public void The_matrix_in_the_documentation_is_the_one_of_the_code()
    {
        var file = Path.Combine(Repository.Root, "docs/architecture.md");
        const string begin = "<!-- matrix: made by HouseTests -->\n",
            end = "<!-- /matrix -->";
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, text.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= begin.Length && to >= from, "docs/architecture.md has no place for the matrix.");
        var matrix = Matrix();
        if (Environment.GetEnvironmentVariable("GATEWAY_WRITE_MATRIX") == "1")
        {
            File.WriteAllText(file, text[..from] + matrix + text[to..]);
            return;
        }

        Assert.True(
            text[from..to] == matrix,
            "The matrix is old. Run the tests with GATEWAY_WRITE_MATRIX=1 and commit docs/architecture.md."
        );
    }

    private static void None(IEnumerable<string> found)
    {
        var all = string.Join('\n', found);
        Assert.True(all.Length == 0, all);
    }

    /// <summary>Of a tuple, also one that is waited for.</summary>
    private static System.Type[] PartsOf(System.Type result)
    {
        var isWaitedFor =
            result.IsGenericType
            && (result.GetGenericTypeDefinition() == typeof(Task<>) || result.GetGenericTypeDefinition() == typeof(ValueTask<>));
        var given = isWaitedFor ? result.GenericTypeArguments[0] : result;
        return typeof(ITuple).IsAssignableFrom(given) && given.IsValueType ? given.GenericTypeArguments : [];
    }

    /// <summary>Rows use columns: how many types of the column's room each row's room names.</summary>
    private string Matrix()
    {
        var counts = Uses()
            .Where(use => use.From != use.To)
            .GroupBy(use => (use.From, use.To))
            .ToDictionary(pair => pair.Key, pair => pair.Select(use => use.Target).Distinct().Count());
        string Cell(string from, string to) =>
            counts.TryGetValue((from, to), out var count) ? $"{count}"
            : from == to ? "·"
            : "";
        var header = $"| uses | {string.Join(" | ", Order.Select(Short))} |\n| --- |{string.Concat(Order.Select(_ => " ---: |"))}\n";
        return header
            + string.Concat(Order.Select(from => $"| **{Short(from)}** | {string.Join(" | ", Order.Select(to => Cell(from, to)))} |\n"));
    }

    private static string Short(string room) => room.Split('.')[^1];

    private IEnumerable<(string From, string To, string Origin, string Target)> Uses() =>
        from type in Types()
        from used in type.Type.GetTypeDependencies()
        let room = RoomOf(used)
        where room is not null
        select (type.Room, room, type.Type.FullName, Outermost(used.FullName));

    private IEnumerable<(IType Type, string Room)> Types() =>
        from type in house.Types
        let room = RoomOf(type)
        where room is not null
        select (type, room);

    private static string Outermost(string name) => name.Split('+', '`')[0];

    private static int At(string room) => Array.IndexOf(Order, room);

    private static string? RoomOf(IType type) =>
        Array.Find(Order, room => type.FullName.StartsWith($"Gateway.{room}.", StringComparison.Ordinal));

    /// <summary>What the program is made of, as the tests of this class read it: too much to keep for all that follow.</summary>
    public sealed class House
    {
        internal IEnumerable<IType> Types { get; } = new ArchLoader().LoadAssemblies(typeof(Program).Assembly).Build().Types;
    }
}
