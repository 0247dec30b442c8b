namespace Gateway.Features.Templates.Language;

/// <summary>A run of a parser whose grammar calls itself.</summary>
internal interface INestedParse
{
    /// <summary>How deep it stands.</summary>
    int Depth { get; set; }

    int MaxDepth { get; }
}
