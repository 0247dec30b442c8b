namespace Gateway.Tests.Hosting;

/// <summary>
/// What needs no database is marked <c>[Trait("Database", "none")]</c>, so that a run on the second database leaves it out by
/// <c>--filter Database!=none</c>. What needs one, and runs no statement and takes no lock that others do not try on both, is marked
/// <c>[Trait("Database", "any")]</c>: one database shows it, unless a run is a full one.
/// </summary>
[Trait("Database", "none")]
public sealed class DatabaseMarkTests
{
    [Fact]
    public void Exactly_the_classes_whose_code_leads_to_no_database_are_marked()
    {
        var wrong = typeof(DatabaseMarkTests)
            .Assembly.GetTypes()
            .Where(type => HasTests(type) && type != typeof(DatabaseMarkTests)) // It only names them.
            .Where(type =>
                IsMarked(type, "none") == CodeReferences.Reach(type).Overlaps([typeof(TestDatabase), typeof(GatewayUnderTest)])
            )
            .Select(type =>
                IsMarked(type, "none")
                    ? $"{type.FullName} uses a database: take its mark off."
                    : $"{type.FullName} uses no database: mark it [Trait(\"Database\", \"none\")]."
            );

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public void A_mark_is_one_of_the_two_and_stands_once()
    {
        var wrong = typeof(DatabaseMarkTests)
            .Assembly.GetTypes()
            .Select(type => (Type: type, Marks: Marks(type).ToList()))
            .Where(one => one.Marks is not ([] or ["none"] or ["any"]))
            .Select(one => $"{one.Type.FullName} is marked {string.Join(", ", one.Marks)}.");

        Assert.Equal("", string.Join('\n', wrong));
    }

    private static bool HasTests(Type type) =>
        !type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true));

    private static bool IsMarked(Type type, string mark) => Marks(type).Contains(mark);

    private static IEnumerable<string> Marks(Type type) =>
        type.GetCustomAttributesData()
            .Where(one => one.AttributeType == typeof(TraitAttribute) && one.ConstructorArguments is [{ Value: "Database" }, _])
            .Select(one => (string)one.ConstructorArguments[1].Value!);
}
