using System.Security.Cryptography;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gateway.Benchmarks.Serving;

/// <summary>
/// What everybody would write first: save the row with EF Core, then enqueue a Hangfire job. Signature, JSON and validation are the
/// gateway's.
/// </summary>
internal static class NaiveSubmissions
{
    public static void Add(IServiceCollection services)
    {
        // Enqueue blocks. With the pool's default size it starves request threads to time-outs; that is not what is to be compared.
        ThreadPool.SetMinThreads(256, 256);
        services.AddDbContext<Context>(
            (provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()).UseSnakeCaseNamingConvention()
        );
    }

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/sites/{site}/" + Design.Naive.Path, HandleAsync)
            .RequireAuthorization(Policies.Plugin)
            .WithMetadata(new BodyLimit(ReceiveSubmission.BodyBytes))
            .Validate<SubmissionRequest>();

    private static async Task<Accepted<ReceiveSubmission.Response>> HandleAsync(
        SubmissionRequest request,
        RawBody body,
        CallingSite site,
        Context db,
        IBackgroundJobClient jobs,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var row = new Submission
        {
            Id = Guid.CreateVersion7(now),
            SiteId = site.Id,
            Key = request.Key,
            ContentHash = SHA256.HashData(body.Bytes.Span),
            Body = body.Bytes.ToArray(),
            FormId = request.Form?.Id,
            ReceivedAt = now.UtcDateTime,
        };
        db.Submissions.Add(row);
        await db.SaveChangesAsync(ct);
        jobs.Enqueue<Job>(job => job.Process(row.Id));
        return TypedResults.Accepted((string?)null, new ReceiveSubmission.Response(PublicId.Format(PublicId.Submission, row.Id)));
    }

    /// <summary>Enqueued and never run: no worker takes part in the measurement.</summary>
    internal sealed class Job
    {
        public void Process(Guid submission) => throw new NotSupportedException($"No worker should have taken {submission}.");
    }

    /// <summary>The same table, without the gateway's rules for writing.</summary>
    internal sealed class Context(DbContextOptions<Context> options) : DbContext(options)
    {
        public DbSet<Submission> Submissions => Set<Submission>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.ApplyConfiguration(new Submission.Mapping());
            modelBuilder.Entity<Submission>().Property(row => row.State).HasConversion(new LowerCaseEnum<SubmissionState>());
        }
    }
}
