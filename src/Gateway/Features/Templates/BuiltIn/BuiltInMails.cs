using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;

namespace Gateway.Features.Templates.BuiltIn;

/// <summary>
/// The gateway's own mails: one Liquid file for each part, and the words of each language in a resource file. Put together they are a
/// template as anybody
/// could have written it, so that what is offered for editing is exactly what is sent when nobody edits it.
/// </summary>
internal static partial class BuiltInMails
{
    public const string Confirmation = "confirmation";
    public const string Welcome = "welcome";
    public const string Repermission = "repermission";
    public const string Plain = "plain";
    public const string Sms = "sms";

    private const string Folder = "mail/";

    private static readonly ResourceManager Words = new("Gateway.Features.Templates.BuiltIn.MailTexts", typeof(BuiltInMails).Assembly);
    private static readonly ConcurrentDictionary<(string Key, string Language), (TemplateSource Source, CompiledTemplate Compiled)> Made =
        new();

    /// <summary>The site's footer, behind a line of HTML.</summary>
    public static string Imprint => Read("imprint.html.liquid").TrimEnd();

    /// <summary>What a template of a kind begins as.</summary>
    public static string KeyOf(TemplateKind kind) =>
        kind switch
        {
            TemplateKind.Confirmation => Confirmation,
            TemplateKind.Welcome => Welcome,
            TemplateKind.Repermission => Repermission,
            TemplateKind.Sms => Sms,
            _ => Plain,
        };

    public static bool Knows(string key) => key is Confirmation or Welcome or Repermission or Plain;

    /// <param name="language">One of those we have.</param>
    public static TemplateSource Source(string key, string language) => Get(key, language).Source;

    public static CompiledTemplate Compiled(string key, string language) => Get(key, language).Compiled;

    private static (TemplateSource Source, CompiledTemplate Compiled) Get(string key, string language) =>
        Made.GetOrAdd(
            (key, language),
            of =>
            {
                var source = Make(of.Key, of.Language);
                var (compiled, errors) = CompiledTemplate.Of(source, isBuiltIn: true);
                return (
                    source,
                    compiled ?? throw new InvalidOperationException($"The built-in template {of} is broken: {string.Join(" ", errors)}")
                );
            }
        );

    private static TemplateSource Make(string key, string language)
    {
        var words = WordsOf(key, CultureInfo.GetCultureInfo(language));
        return key == Sms
            ? new("", "", "", words["text"])
            : new(
                words.GetValueOrDefault("subject", "{{ vars.subject }}"),
                words.GetValueOrDefault("preheader", "{{ vars.body | first_words }}"),
                Word()
                    .Replace(
                        Read($"{key}.html.liquid").Replace("{{ imprint }}", Imprint, StringComparison.Ordinal),
                        word => InHtml(words[word.Groups["key"].Value])
                    ),
                Word().Replace(Read($"{key}.txt.liquid"), word => words[word.Groups["key"].Value])
            );
    }

    /// <param name="template">Its key.</param>
    /// <param name="language">One of those we have.</param>
    public static IReadOnlyDictionary<string, string> WordsOf(string template, string language) =>
        WordsOf(template, CultureInfo.GetCultureInfo(language));

    /// <returns>By their keys without the template's name: <c>confirmation_subject</c> is <c>subject</c>.</returns>
    private static Dictionary<string, string> WordsOf(string template, CultureInfo culture)
    {
        // The resource manager keeps its sets open, so this one is not disposed.
        var keys = Words
            .GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!
            .Cast<DictionaryEntry>()
            .Select(entry => (string)entry.Key)
            .Where(key => key.StartsWith(template + "_", StringComparison.Ordinal));
        return keys.ToDictionary(
            key => key[(template.Length + 1)..],
            key => string.Format(culture, Words.GetString(key, culture)!, "{{ list.name }}", "{{ site.name }}")
        );
    }

    /// <summary>Readable for whoever edits it: only what HTML would take for its own is encoded.</summary>
    private static string InHtml(string words) =>
        words.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    /// <param name="file">One of the files of Liquid beside this class.</param>
    public static string Read(string file)
    {
        using var reader = new StreamReader(typeof(BuiltInMails).Assembly.GetManifestResourceStream(Folder + file)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{\{ text\.(?<key>\w+) \}\}")]
    private static partial Regex Word();
}
