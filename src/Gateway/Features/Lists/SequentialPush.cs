namespace Gateway.Features.Lists;

internal static class SequentialPush
{
    /// <summary>Tells changes one after the other, and stops asking once an answer holds for all of them.</summary>
    public static async Task<IReadOnlyList<ListOutcome>> PushAsync(
        IReadOnlyList<ListChange> changes,
        Func<ListChange, Task<Verdict>> tell
    )
    {
        var outcomes = new List<ListOutcome>(changes.Count);
        foreach (var change in changes)
        {
            var verdict = await tell(change);
            outcomes.Add(verdict.Outcome);
            if (verdict.IsForAll)
            {
                outcomes.AddRange(Enumerable.Repeat(verdict.Outcome, changes.Count - outcomes.Count));
                break;
            }
        }

        return outcomes;
    }
}
