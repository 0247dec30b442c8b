using System.Runtime;
using System.Runtime.InteropServices;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// How much processor time one piece of work with somebody's template may take: parsing, rendering, cleaning, looking at it. It is counted
/// on the thread that works, so a busy machine makes no template fail, and it is looked at wherever a template can ask for more work.
/// </summary>
internal sealed class CpuBudget : IDisposable
{
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    /// <summary>Units of work, each about a character, between two looks at the clock, which costs less than a microsecond.</summary>
    private const int Between = 4_096;

    [ThreadStatic]
    private static CpuBudget? _current;

    private readonly TimeSpan _end;
    private readonly CancellationToken _aborted;
    private int _units;

    private CpuBudget(CancellationToken aborted) => (_end, _aborted) = (Used() + Limit, aborted);

    /// <summary>For one piece of work; the setting <c>Templates:CpuSeconds</c> of this process.</summary>
    public static TimeSpan Limit { get; set; } = Usual;

    /// <summary>Begins a piece of work on this thread, which has to end on it too.</summary>
    /// <param name="aborted">Says that nobody waits for the work any more; it ends at the next look.</param>
    /// <returns>What ends it; null within another piece of work, whose budget goes on.</returns>
    public static CpuBudget? Begin(CancellationToken aborted = default) => _current is null ? _current = new(aborted) : null;

    /// <summary>Says that so much is about to be done, or was.</summary>
    /// <exception cref="RenderLimitException">The budget of this piece of work is spent.</exception>
    public static void Spend(long units = 1)
    {
        if (_current is not { } budget)
        {
            return;
        }

        budget._units += (int)Math.Min(units, Between);
        if (budget._units >= Between)
        {
            budget._units = 0;
            budget.Look();
        }
    }

    /// <summary>Looks at the clock now, between two steps of which each is long.</summary>
    /// <exception cref="RenderLimitException">The budget of this piece of work is spent.</exception>
    public static void Check() => _current?.Look();

    public void Dispose() => _current = null;

    /// <summary>
    /// What this thread has computed. The time in which its code was compiled is the program's, not the template's: the first template
    /// after a start would seem slow. So is the time in which memory was collected, which may fall to this thread, for all that the program
    /// holds.
    /// </summary>
    public static TimeSpan Used() => OfThread() - JitInfo.GetCompilationTime(currentThread: true) - GC.GetTotalPauseDuration();

    private void Look()
    {
        _aborted.ThrowIfCancellationRequested();
        if (Used() > _end)
        {
            throw RenderLimitException.TooSlow();
        }
    }

    private static TimeSpan OfThread()
    {
        if (OperatingSystem.IsWindows())
        {
            return GetThreadTimes(GetCurrentThread(), out _, out _, out var kernel, out var user)
                ? TimeSpan.FromTicks(kernel + user)
                : throw new InvalidOperationException("The processor time of the thread cannot be read.");
        }

        // CLOCK_THREAD_CPUTIME_ID of POSIX.
        return GetClock(OperatingSystem.IsMacOS() ? 16 : 3, out var time) == 0
            ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100))
            : throw new InvalidOperationException("The processor time of the thread cannot be read.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetClock(int clock, out Timespec time);

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetCurrentThread();

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetThreadTimes(nint thread, out long creation, out long exit, out long kernel, out long user);
}
