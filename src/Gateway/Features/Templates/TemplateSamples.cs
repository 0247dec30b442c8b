using System.Text;
using System.Text.Json.Nodes;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates;

/// <summary>The values kept with a template, each set under a name: what somebody tried once need not be typed again.</summary>
internal sealed class TemplateSamples(GatewayDb db, TimeProvider clock)
{
    public const int MaxBytes = 64 * 1024;
    private const int MaxSamples = 20;
    private const int MaxName = 60;

    public Task<TemplateSample?> FindAsync(Guid templateId, string name, CancellationToken ct) =>
        db.TemplateSamples.AsNoTracking().SingleOrDefaultAsync(sample => sample.TemplateId == templateId && sample.Name == name, ct);

    /// <summary>The one that was kept last; null when there is none.</summary>
    public Task<TemplateSample?> LatestAsync(Guid templateId, CancellationToken ct) =>
        db
            .TemplateSamples.AsNoTracking()
            .Where(sample => sample.TemplateId == templateId)
            .OrderByDescending(sample => sample.UpdatedAt)
            .FirstOrDefaultAsync(ct);

    public Task<List<string>> NamesAsync(Guid templateId, CancellationToken ct) =>
        db
            .TemplateSamples.AsNoTracking()
            .Where(sample => sample.TemplateId == templateId)
            .OrderBy(sample => sample.Name)
            .Select(sample => sample.Name)
            .ToListAsync(ct);

    public async Task<Result<TemplateSample>> SaveAsync(Guid templateId, string name, JsonObject values, CancellationToken ct)
    {
        if (name.Trim().Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            return Refusal.Invalid("name", T($"A sample's name has 1 to {MaxName} characters, and no control characters."));
        }

        if (Error(values) is { } error)
        {
            return Refusal.Invalid("values", error);
        }

        var now = clock.GetUtcNow();
        var row = new TemplateSample
        {
            Id = Guid.CreateVersion7(now),
            TemplateId = templateId,
            Name = name.Trim(),
            Json = values.ToJsonString(),
            UpdatedAt = now.UtcDateTime,
        };
        var isStored = await db.WriteAsync(
            async () =>
            {
                var mine = db.TemplateSamples.Where(sample => sample.TemplateId == templateId);
                var known = await mine.Where(sample => sample.Name == row.Name)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(sample => sample.Json, row.Json).SetProperty(sample => sample.UpdatedAt, row.UpdatedAt),
                        ct
                    );
                return known > 0 || (await mine.CountAsync(ct) < MaxSamples && await db.InsertNewAsync([row], ct) > 0);
            },
            ct
        );
        return isStored ? row : Refusal.Invalid("name", T($"A template keeps at most {MaxSamples} samples. Delete one first."));
    }

    /// <returns>False when there is none.</returns>
    public async Task<bool> DeleteAsync(Guid templateId, string name, CancellationToken ct) =>
        await db.WriteAsync(
            () => db.TemplateSamples.Where(sample => sample.TemplateId == templateId && sample.Name == name).ExecuteDeleteAsync(ct),
            ct
        ) > 0;

    /// <summary>What is wrong with values, kept or not, as a sentence; null when nothing is.</summary>
    public static string? Error(JsonObject values) =>
        Encoding.UTF8.GetByteCount(values.ToJsonString()) > MaxBytes
            ? T($"Values may have at most {MaxBytes / 1024} KB of JSON.")
            : SampleValues.Error(values);
}
