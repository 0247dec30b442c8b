namespace Gateway.Tests.Hosting;

/// <summary>
/// What needs no database is marked <c>[Trait("Database", "none")]</c>, so that a run on the second database leaves it out by
/// <c>--filter Database!=none</c>.
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
            .Where(type => IsMarked(type) == CodeReferences.Reach(type).Overlaps([typeof(TestDatabase), typeof(GatewayUnderTest)]))
            .Select(type =>
                IsMarked(type)
                    ? $"{type.FullName} uses a database: take its mark off."
                    : $"{type.FullName} uses no database: mark it [Trait(\"Database\", \"none\")]."
            );

        Assert.Equal("", string.Join('\n', wrong));
    }

    private static bool HasTests(Type type) =>
        !type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true));

    private static bool IsMarked(Type type) =>
        type.GetCustomAttributesData()
            .Where(one => one.AttributeType == typeof(TraitAttribute))
            .Any(one => one.ConstructorArguments is [{ Value: "Database" }, { Value: "none" }]);
}
