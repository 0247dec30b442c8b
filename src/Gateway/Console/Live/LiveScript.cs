using Microsoft.AspNetCore.Components;

namespace Gateway.Console.Live;

/// <summary>The script of pages that change by themselves, a file of ours. Public, because Razor makes components so.</summary>
public static class LiveScript
{
    /// <summary>For a page's head.</summary>
    public static RenderFragment Tag { get; } =
        builder =>
        {
            builder.OpenElement(0, "script");
            builder.AddAttribute(1, "type", "module");
            builder.AddAttribute(2, "src", "/stream.js");
            builder.CloseElement();
        };
}
