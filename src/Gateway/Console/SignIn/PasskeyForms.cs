using Microsoft.AspNetCore.Components;

namespace Gateway.Console.SignIn;

/// <summary>What forms that a passkey answers have in common.</summary>
internal static class PasskeyForms
{
    /// <summary>The field of what the device answered.</summary>
    public const string Answer = "answer";

    /// <summary>Below the address of the form: what the device is asked.</summary>
    public const string Options = "/options";

    /// <summary>For the head of a page that has such a form: its script, a file of ours.</summary>
    public static RenderFragment Script { get; } =
        builder =>
        {
            builder.OpenElement(0, "script");
            builder.AddAttribute(1, "type", "module");
            builder.AddAttribute(2, "src", "/passkeys.js");
            builder.CloseElement();
        };
}
