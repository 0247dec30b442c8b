using System.Collections.Concurrent;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;

namespace Gateway.Features.Submissions;

/// <summary>Forms of a site that name fields which do not come any more, such as after they were renamed.</summary>
internal sealed class FormFaults(FormReader forms, FormFaults.Memory memory, TimeProvider clock) : ISiteCheck
{
    public FindingKind Kind => FindingKind.Form;

    public async Task<IReadOnlyList<Fault>?> FindAsync(Site site, CancellationToken ct)
    {
        // Where nothing came since it was looked at today, nothing changed.
        var state = (await forms.LastAtAsync(site.Id, ct), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        if (memory.Looked.TryGetValue(site.Id, out var seen) && seen == state)
        {
            return null;
        }

        List<Fault> faults =
        [
            .. from form in await forms.NewestOfSiteAsync(site.Id, ct)
            where form.Missing.Count > 0
            select new Fault(form.Id, form.Title ?? form.Id, form.Sentence),
        ];
        memory.Looked[site.Id] = state;
        return faults;
    }

    /// <summary>When each site's newest submission had come that was looked at, and on which day that was.</summary>
    internal sealed class Memory
    {
        public ConcurrentDictionary<Guid, (DateTime? LastAt, DateOnly Day)> Looked { get; } = new();
    }
}
