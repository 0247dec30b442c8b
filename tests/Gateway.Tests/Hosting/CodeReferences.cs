using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Gateway.Tests.Hosting;

/// <summary>Which types of this assembly the code of a type names, read from its compiled methods.</summary>
internal static class CodeReferences
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    private static readonly ConcurrentDictionary<Type, Type[]> Next = new();

    /// <returns>The type itself and everything that it leads to.</returns>
    public static HashSet<Type> Reach(Type from)
    {
        var reached = new HashSet<Type>();
        var open = new Stack<Type>([from]);
        while (open.TryPop(out var type))
        {
            if (reached.Add(type))
            {
                foreach (var next in Next.GetOrAdd(type, Here))
                {
                    open.Push(next);
                }
            }
        }

        return reached;
    }

    private static Type[] Here(Type type) => [.. Named(type).SelectMany(Parts).Where(next => next.Assembly == type.Assembly).Distinct()];

    private static IEnumerable<Type> Named(Type type)
    {
        // The compiler writes lambdas and async methods into nested types.
        IEnumerable<Type> shape = [type.BaseType ?? typeof(object), .. type.GetInterfaces(), .. type.GetNestedTypes(All)];
        return shape
            .Concat(type.GetFields(All).Select(field => field.FieldType))
            .Concat(type.GetMembers(All).OfType<MethodBase>().SelectMany(method => Named(method)));
    }

    private static IEnumerable<Type> Named(MethodBase method)
    {
        var (il, at) = (method.GetMethodBody()?.GetILAsByteArray() ?? [], 0);
        while (at < il.Length)
        {
            var code = il[at] == 0xFE ? Codes[(short)(0xFE00 | il[at + 1])] : Codes[il[at]];
            at += code.Size;
            if (
                code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok
            )
            {
                foreach (var type in Named(method, BitConverter.ToInt32(il, at)))
                {
                    yield return type;
                }
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Named(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod) switch
        {
            Type type => [type],
            MethodInfo { IsGenericMethod: true } called => [called.DeclaringType!, called.ReturnType, .. called.GetGenericArguments()],
            MethodInfo called => [called.DeclaringType!, called.ReturnType],
            { DeclaringType: { } owner } => [owner],
            _ => [],
        };
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type switch
        {
            { HasElementType: true } => Parts(type.GetElementType()!),
            { IsConstructedGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)],
            { IsGenericParameter: true } => [],
            _ => [type],
        };
}
