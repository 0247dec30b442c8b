using Gateway.Infrastructure.Data;
using Npgsql;

namespace Gateway.Tests.Data;

/// <summary>Which servers a connection string leads to. No connection is made.</summary>
public sealed class PostgresSourceTests
{
    [Theory]
    [InlineData("Host=db1,db2;Database=gateway")]
    [InlineData("Host=db1:5433,db2:5434;Database=gateway;Target Session Attributes=primary")]
    [InlineData("Host=db1,db2;Database=gateway;Target Session Attributes=read-write")]
    public void Of_several_servers_it_is_the_one_that_takes_writes_looked_for_every_second(string connection)
    {
        using var source = PostgresSource.Of(connection);
        using var made = source.CreateConnection();

        Assert.Null(ConnectionText.ErrorOf(connection));
        Assert.Equal(1, new NpgsqlConnectionStringBuilder(made.ConnectionString).HostRecheckSeconds);
        Assert.Contains("db2", made.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_operator_says_of_the_looking_counts_more()
    {
        using var source = PostgresSource.Of("Host=db1,db2;Host Recheck Seconds=7");
        using var made = source.CreateConnection();

        Assert.Equal(7, new NpgsqlConnectionStringBuilder(made.ConnectionString).HostRecheckSeconds);
    }
}
