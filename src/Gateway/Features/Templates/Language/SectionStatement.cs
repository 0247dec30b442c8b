using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;

namespace Gateway.Features.Templates.Language;

/// <summary>A part of a template with a name, which may be for one segment of readers alone.</summary>
/// <param name="Segment">The segment's key; null when everybody sees the section.</param>
/// <param name="Offset">Where its tag begins.</param>
/// <param name="SegmentOffset">Where the segment is named.</param>
/// <param name="Parent">The section around it.</param>
internal sealed record TemplateSection(string Name, string? Segment, int Offset, int SegmentOffset, TemplateSection? Parent = null)
{
    /// <summary>Whether some readers may not see it.</summary>
    public bool IsForSome => Segment is not null || Parent?.IsForSome == true;

    /// <summary>The segments that somebody must belong to in order to see it, outermost first.</summary>
    public IEnumerable<string> Segments => (Parent?.Segments ?? []).Concat(Segment is null ? [] : [Segment]);
}

/// <summary><c>{% section "Promotion", segment: "loyal" %} … {% endsection %}</c></summary>
internal sealed class SectionStatement(TemplateSection section, IReadOnlyList<Statement> statements) : Statement
{
    public TemplateSection Section => section;

    public override ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        return ((RenderContext)context).IsIn(section.Segment)
            ? statements.RenderStatementsAsync(writer, encoder, context)
            : new(Completion.Normal);
    }

    protected override Statement Accept(AstVisitor visitor)
    {
        foreach (var statement in statements)
        {
            visitor.Visit(statement);
        }

        return this;
    }
}
