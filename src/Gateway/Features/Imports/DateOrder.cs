namespace Gateway.Features.Imports;

/// <summary>What 3/4/2025 means. 2025-04-03 and 3.4.2025 mean one day everywhere.</summary>
internal enum DateOrder
{
    /// <summary>Nobody knows: such a day is not read.</summary>
    Unknown,

    /// <summary>The 3rd of April.</summary>
    DayFirst,

    /// <summary>The 4th of March.</summary>
    MonthFirst,
}
