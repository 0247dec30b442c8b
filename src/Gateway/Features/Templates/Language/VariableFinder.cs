using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

internal enum VariableShape
{
    Text,
    List,
    Object,
}

/// <summary>A value that a template asks for.</summary>
/// <param name="Path">Such as <c>vars.order.number</c>; <c>[]</c> stands for each member of a list, <c>vars.items[].price</c>.</param>
/// <param name="Shape">What the template takes it for.</param>
/// <param name="IsOptional">Whether the template does without it: it stands in a condition, or has a default.</param>
/// <param name="Offset">Where it is asked for first.</param>
/// <param name="IsForAll">Whether it is asked for outside of the sections that only some readers see.</param>
internal sealed record TemplateVariable(string Path, VariableShape Shape, bool IsOptional, int Offset, bool IsForAll)
{
    public const string EachMember = "[]";

    /// <summary>Whether a person can fill it by one input of a form.</summary>
    public bool IsSimple => Shape == VariableShape.Text && !Path.Contains(EachMember, StringComparison.Ordinal);

    public string Namespace => Path.Split('.', '[')[0];
}

/// <summary>
/// Finds what a template asks for by walking its syntax tree. What the template makes itself (loop variables, assignments, captures) leads
/// back to where it came from.
/// </summary>
internal sealed class VariableFinder : AstVisitor
{
    private static readonly HashSet<string> ListFilters =
    [
        "compact",
        "concat",
        "find",
        "find_index",
        "first",
        "has",
        "join",
        "last",
        "map",
        "reject",
        "reverse",
        "sort",
        "sort_natural",
        "sum",
        "uniq",
        "where",
    ];

    /// <summary>
    /// Letters of a path. A variable may be made of a member of another, so the paths of a few could have millions.
    /// </summary>
    private const int MaxPath = 1_000;

    /// <summary>Of looking at one statement, in the units of <see cref="CpuBudget"/>.</summary>
    private const int Cost = 32;

    private readonly TemplateParse _parse;
    private readonly HashSet<string> _beginnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TemplateVariable> _found = new(StringComparer.Ordinal);

    /// <summary>Names the template gives, and the path they stand for; null when it is a value of its own.</summary>
    private readonly Dictionary<string, string?> _given = new(StringComparer.Ordinal) { ["forloop"] = null, ["parentloop"] = null };

    /// <summary>What a condition around this place has asked for: behind it, that is there.</summary>
    private HashSet<string> _guarded = [];

    /// <summary>Where the paths of a condition are gathered; null outside of one.</summary>
    private HashSet<string>? _noted;

    /// <summary>Sections for segments around this place.</summary>
    private int _forSome;

    private bool _isOptional;
    private VariableShape _shape;
    private int _offset;

    private VariableFinder(TemplateParse parse) => _parse = parse;

    public static IReadOnlyList<TemplateVariable> Find(IFluidTemplate template, TemplateParse parse)
    {
        var finder = new VariableFinder(parse);
        finder.VisitTemplate(template);
        finder.NoteBeginnings();
        return
        [
            .. finder
                ._found.Values.Where(variable => !finder.IsOfList(variable))
                .Select(finder.WithShape)
                .OrderBy(variable => variable.Offset),
        ];
    }

    public override Statement Visit(Statement statement)
    {
        CpuBudget.Spend(Cost);
        var isForSome = statement is SectionStatement { Section.Segment: not null };
        _forSome += isForSome ? 1 : 0;
        var visited = base.Visit(statement);
        _forSome -= isForSome ? 1 : 0;
        return visited;
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        if (PathOf(memberExpression) is { } path)
        {
            Note(path, memberExpression);
        }

        foreach (var segment in memberExpression.Segments.OfType<IndexerSegment>())
        {
            AsA(VariableShape.Text, isOptional: _isOptional, () => Visit(segment.Expression));
        }

        return memberExpression;
    }

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        _offset = _parse.PlaceOf(filterExpression) ?? _offset;
        AsA(
            ListFilters.Contains(filterExpression.Name) ? VariableShape.List : _shape,
            _isOptional || filterExpression.Name == "default",
            () => Visit(filterExpression.Input)
        );
        foreach (var parameter in filterExpression.Parameters)
        {
            Visit(parameter.Expression);
        }

        return filterExpression;
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        AsA(VariableShape.List, _isOptional, () => Visit(forStatement.Source));
        _given[forStatement.Identifier] =
            forStatement.Source is MemberExpression source && PathOf(source) is { } path ? path + TemplateVariable.EachMember : null;
        Visit(forStatement.Limit);
        Visit(forStatement.Offset);
        foreach (var statement in forStatement.Statements)
        {
            Visit(statement);
        }

        Visit(forStatement.Else);
        return forStatement;
    }

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        Visit(assignStatement.Value);
        _given[assignStatement.Identifier] = assignStatement.Value is MemberExpression source ? PathOf(source) : null;
        return assignStatement;
    }

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        _given[captureStatement.Identifier] = null;
        return base.VisitCaptureStatement(captureStatement);
    }

    protected override Statement VisitIfStatement(IfStatement ifStatement)
    {
        Guarded(ifStatement.Condition, ifStatement.Statements);
        All(ifStatement.ElseIfs);
        Visit(ifStatement.Else);
        return ifStatement;
    }

    protected override Statement VisitElseIfStatement(ElseIfStatement elseIfStatement)
    {
        Guarded(elseIfStatement.Condition, elseIfStatement.Statements);
        return elseIfStatement;
    }

    protected override Statement VisitUnlessStatement(UnlessStatement unlessStatement)
    {
        Condition(unlessStatement.Condition);
        All(unlessStatement.Statements);
        Visit(unlessStatement.Else);
        return unlessStatement;
    }

    private void All(IEnumerable<Statement> statements)
    {
        foreach (var statement in statements)
        {
            Visit(statement);
        }
    }

    private void Guarded(Expression condition, IEnumerable<Statement> statements)
    {
        var before = _guarded;
        CpuBudget.Spend(before.Count * Cost);
        var asked = new HashSet<string>(before);
        _noted = asked;
        Condition(condition);
        (_noted, _guarded) = (null, asked);
        All(statements);
        _guarded = before;
    }

    private void Condition(Expression condition) => AsA(VariableShape.Text, isOptional: true, () => Visit(condition));

    private void AsA(VariableShape shape, bool isOptional, Action visit)
    {
        var before = (_shape, _isOptional);
        (_shape, _isOptional) = (shape, isOptional);
        visit();
        (_shape, _isOptional) = before;
    }

    /// <returns>Null when it leads to a value that the template makes itself.</returns>
    private string? PathOf(MemberExpression member)
    {
        if (member.Segments[0] is not IdentifierSegment root)
        {
            return null;
        }

        var path = _given.TryGetValue(root.Identifier, out var source) ? source : root.Identifier;
        foreach (var segment in member.Segments.Skip(1))
        {
            path = path is null
                ? null
                : segment switch
                {
                    IdentifierSegment { Identifier: var name } => $"{path}.{name}",
                    IndexerSegment { Expression: LiteralExpression { Value: StringValue name } } => $"{path}.{name.ToStringValue()}",
                    _ => path + TemplateVariable.EachMember,
                };
            CpuBudget.Spend(path?.Length ?? 1);
        }

        return path?.Length > MaxPath ? null : path;
    }

    private void Note(string path, MemberExpression member)
    {
        _noted?.Add(path);
        var offset = _offset = _parse.PlaceOf(member) ?? _offset;
        if (_found.Count == TemplateLimits.MaxVariables && !_found.ContainsKey(path))
        {
            throw new TooComplexException(
                offset,
                $"A part asks for more than {TemplateLimits.MaxVariables:N0} different values. Use a list."
            );
        }

        var isOptional = _isOptional || _guarded.Contains(path);
        _found[path] = _found.TryGetValue(path, out var known)
            ? known with
            {
                Shape = (VariableShape)Math.Max((int)known.Shape, (int)_shape),
                IsOptional = known.IsOptional && isOptional,
                Offset = Math.Min(known.Offset, offset),
                IsForAll = known.IsForAll || _forSome == 0,
            }
            : new(path, _shape, isOptional, offset, _forSome == 0);
    }

    /// <summary>What has members is an object, and what is looked into by number a list, whatever else is done with it.</summary>
    private TemplateVariable WithShape(TemplateVariable variable) =>
        Any(variable.Path + TemplateVariable.EachMember) ? variable with { Shape = VariableShape.List }
        : variable.Shape == VariableShape.Text && Any(variable.Path + ".") ? variable with { Shape = VariableShape.Object }
        : variable;

    /// <summary>Whether it is only the size, or an end, of a list that the template goes through.</summary>
    private bool IsOfList(TemplateVariable variable) =>
        variable.Path.LastIndexOf('.') is > 0 and var dot
        && variable.Path[(dot + 1)..] is "size" or "first" or "last"
        && _found.TryGetValue(variable.Path[..dot], out var of)
        && WithShape(of).Shape == VariableShape.List;

    private bool Any(string beginning) => _beginnings.Contains(beginning);

    /// <summary>Of every path, each part that ends before a member: so looking for one does not go through all paths.</summary>
    private void NoteBeginnings()
    {
        foreach (var path in _found.Keys)
        {
            for (var at = 1; at < path.Length; at++)
            {
                if (path[at] == '.' || path.AsSpan(0, at + 1).EndsWith(TemplateVariable.EachMember, StringComparison.Ordinal))
                {
                    CpuBudget.Spend(at);
                    _beginnings.Add(path[..(at + 1)]);
                }
            }
        }
    }
}
