using Gateway.Features.Sites;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Data;

namespace Gateway.Features.Templates.Segments;

/// <summary>Whether recipients of a segment see a section.</summary>
internal enum Seen
{
    Never,

    /// <summary>Some do, or it could not be found out.</summary>
    Depends,

    Always,
}

/// <param name="SeenBy">By the segment's key; null stands for whoever belongs to none of those that the template names.</param>
internal sealed record SectionRow(string Part, TemplateSection Section, IReadOnlyList<(string? Segment, Seen Seen)> SeenBy);

/// <summary>
/// Thinks through who sees which sections of a template, without asking about anybody: by the conditions alone, as they stand at this
/// moment.
/// </summary>
internal sealed class SectionMatrix(GatewayDb db, TimeProvider clock)
{
    public async Task<(IReadOnlyList<KnownSegment> Segments, IReadOnlyList<SectionRow> Rows)> OfAsync(
        Site site,
        TemplateKind kind,
        CompiledTemplate template,
        CancellationToken ct
    )
    {
        var (known, reasoning) = await BeginAsync(site, ct);
        KnownSegment[] named = [.. template.Segments.Select(known.Named)];
        var given = GivenRecipients.Of(kind, named.Select(segment => segment.Condition));
        (string? Key, SegmentCondition[] Are)[] recipients =
        [
            .. named.Select(segment => ((string?)segment.Key, (SegmentCondition[])[.. given, segment.Condition])),
            (null, [.. given, .. named.Select(segment => new SegmentCondition.Not(segment.Condition))]),
        ];
        return (
            named,
            [
                .. template.Sections.Select(one => new SectionRow(
                    one.Part,
                    one.Section,
                    [
                        .. recipients.Select(recipient =>
                            (recipient.Key, SeenOf(reasoning, recipient.Are, ConditionOf(one.Section, known)))
                        ),
                    ]
                )),
            ]
        );
    }

    /// <summary>The sections that nobody can see.</summary>
    public async Task<IReadOnlyList<(string Part, TemplateSection Section)>> UnseenAsync(
        Site site,
        TemplateKind kind,
        CompiledTemplate template,
        CancellationToken ct
    )
    {
        if (template.Segments.Count == 0)
        {
            return [];
        }

        var (known, reasoning) = await BeginAsync(site, ct);
        var given = GivenRecipients.Of(kind, template.Segments.Select(key => known.Named(key).Condition));
        return
        [
            .. template.Sections.Where(one =>
                one.Section.IsForSome && !reasoning.IsPossible([.. given, ConditionOf(one.Section, known)])
            ),
        ];
    }

    private async Task<(SiteSegments Known, SegmentReasoning Reasoning)> BeginAsync(Site site, CancellationToken ct)
    {
        var known = await SiteSegments.ReadAsync(db, site.Id, ct);
        return (known, new(known.At(clock.GetUtcNow().UtcDateTime, QuietHours.ZoneOf(site.TimeZone))));
    }

    private static Seen SeenOf(SegmentReasoning reasoning, SegmentCondition[] are, SegmentCondition condition) =>
        !reasoning.IsPossible([.. are, condition]) ? Seen.Never
        : !reasoning.IsPossible([.. are, new SegmentCondition.Not(condition)]) ? Seen.Always
        : Seen.Depends;

    private static SegmentCondition.All ConditionOf(TemplateSection section, SiteSegments known) =>
        new([.. section.Segments.Select(key => known.Named(key).Condition)]);
}
