using System.Reflection;

namespace Gateway.Tests.Hosting;

/// <summary>
/// All tests run on SQLite. What locks, queues, counts, writes at once with others or searches runs on PostgreSQL too, and is marked
/// <c>[Trait("Database", "both")]</c>, a class or one test of it; a full run takes all tests there.
/// </summary>
public sealed class DatabaseMarkTests
{
    [Fact]
    public void A_mark_says_both_and_stands_where_code_leads_to_a_database()
    {
        var wrong = typeof(DatabaseMarkTests)
            .Assembly.GetTypes()
            .SelectMany(type => (MemberInfo[])[type, .. type.GetMethods()])
            .Where(member => Marks(member).Any())
            .Where(member => Marks(member).Any(mark => mark != "both") || !UsesDatabase(member as Type ?? member.DeclaringType!))
            .Select(member => $"{member.DeclaringType?.FullName} {member.Name}: the mark is wrong, or nothing there uses a database.");

        Assert.Equal("", string.Join('\n', wrong));
    }

    private static bool UsesDatabase(Type type) => CodeReferences.Reach(type).Overlaps([typeof(TestDatabase), typeof(GatewayUnderTest)]);

    private static IEnumerable<string> Marks(MemberInfo member) =>
        member
            .GetCustomAttributesData()
            .Where(one => one.AttributeType == typeof(TraitAttribute) && one.ConstructorArguments is [{ Value: "Database" }, _])
            .Select(one => (string)one.ConstructorArguments[1].Value!);
}
