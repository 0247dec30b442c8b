using Fluid;
using Fluid.Ast;

namespace Gateway.Features.Templates.Language;

/// <summary>Finds the sections of a template, each with the one around it.</summary>
internal sealed class SectionFinder : AstVisitor
{
    private const int MaxSections = 50;
    private const int MaxName = 60;

    private readonly List<TemplateSection> _found = [];
    private TemplateSection? _around;

    public static IReadOnlyList<TemplateSection> Find(IFluidTemplate template)
    {
        var finder = new SectionFinder();
        finder.VisitTemplate(template);
        return finder._found;
    }

    public static IEnumerable<(int Offset, string Message)> Errors(IReadOnlyList<TemplateSection> sections) =>
        sections
            .Where(section => section.Name.Trim().Length is 0 or > MaxName || section.Name.Any(char.IsControl))
            .Select(section => (section.Offset, $"A section's name has 1 to {MaxName} characters, and no control characters."))
            .Concat(
                sections
                    .GroupBy(section => section.Name, StringComparer.OrdinalIgnoreCase)
                    .SelectMany(same => same.Skip(1))
                    .Select(section =>
                        (section.Offset, $"There is another section \"{section.Name}\" in this part. Give each a name of its own.")
                    )
            )
            .Concat(
                sections.Skip(MaxSections).Take(1).Select(section => (section.Offset, $"A part may have at most {MaxSections} sections."))
            );

    public override Statement Visit(Statement statement)
    {
        if (statement is not SectionStatement { Section: var section })
        {
            return base.Visit(statement);
        }

        var around = _around;
        _around = section with { Parent = around };
        _found.Add(_around);
        base.Visit(statement);
        _around = around;
        return statement;
    }
}
