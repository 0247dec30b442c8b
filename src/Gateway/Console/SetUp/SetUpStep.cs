using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Console.SetUp;

/// <summary>What became of a step of the set-up. A step that nobody has answered yet has no row.</summary>
internal sealed class SetUpStep
{
    /// <summary>One of <see cref="SetUpSteps"/>.</summary>
    public required string Step { get; set; }

    public SetUpState State { get; set; }

    /// <summary>Who answered it, as the audit names them.</summary>
    public required string Actor { get; set; }

    public DateTime At { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SetUpStep>
    {
        public void Configure(EntityTypeBuilder<SetUpStep> builder)
        {
            builder.ToTable("setup_steps");
            builder.HasKey(step => step.Step);
            builder.Property(step => step.Step).HasMaxLength(20);
        }
    }
}

internal enum SetUpState
{
    Done,
    Skipped,
}

/// <summary>The steps of the set-up, in their order.</summary>
internal static class SetUpSteps
{
    public const string Address = "address";
    public const string Mail = "mail";
    public const string Site = "site";
    public const string List = "list";

    public static readonly IReadOnlyList<string> All = [Address, Mail, Site, List];

    public static string UrlOf(string step) => $"{SetUpPages.Path}/{step}";

    /// <returns>The page after a step: the next step, or the end.</returns>
    public static string After(string step) =>
        All.SkipWhile(one => one != step).Skip(1).FirstOrDefault() is { } next ? UrlOf(next) : SetUpPages.Path;
}
