using System.Globalization;
using System.Text;
using Gateway.Features.Contacts;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports.Reading;

/// <summary>What a column of a file may hold. Whatever is none of these words is the name of a property.</summary>
internal static class ImportFields
{
    public const string Email = "email";
    public const string Name = "name";
    public const string FirstName = "first_name";
    public const string LastName = "last_name";
    public const string Language = "language";

    /// <summary>When the person agreed.</summary>
    public const string ConsentAt = "consent_at";

    /// <summary>The IP address from which they agreed.</summary>
    public const string ConsentIp = "consent_ip";

    /// <summary>Whether the person still gets mail (<see cref="RowStatus"/>).</summary>
    public const string Status = "status";

    /// <summary>One that is left out, as commands and forms write it.</summary>
    public const string LeftOut = "-";

    public static readonly string[] All = [Email, Name, FirstName, LastName, Language, ConsentAt, ConsentIp, Status];

    /// <summary>Headings that mean a field, in the languages of our mails, without signs and in small letters.</summary>
    private static readonly Dictionary<string, string[]> Headings = new()
    {
        [Email] =
        [
            "email",
            "emailaddress",
            "mail",
            "emailadresse",
            "mailadresse",
            "adresseemail",
            "adressemail",
            "courriel",
            "correo",
            "correoelectronico",
            "direcciondecorreo",
            "indirizzoemail",
            "postaelettronica",
            "subscriberemail",
        ],
        [Name] = ["name", "fullname", "displayname", "nomcomplet", "nombrecompleto", "nomecompleto", "vollername"],
        [FirstName] = ["firstname", "fname", "givenname", "vorname", "prenom", "nombre", "nome"],
        [LastName] = ["lastname", "lname", "surname", "familyname", "nachname", "nom", "apellido", "apellidos", "cognome"],
        [Language] = ["language", "lang", "locale", "sprache", "langue", "idioma", "lingua"],
        [ConsentAt] =
        [
            "consentat",
            "consentdate",
            "consentedat",
            "confirmedat",
            "confirmtime",
            "optintime",
            "optindate",
            "optedinat",
            "subscribedat",
            "subscribed",
            "subscriptiondate",
            "anmeldedatum",
            "dateinscription",
            "fechadesuscripcion",
            "datadiiscrizione",
        ],
        [ConsentIp] = ["consentip", "confirmip", "optinip", "ip", "ipaddress"],
        [Status] = ["status", "state", "etat", "estado", "stato", "zustand", "subscriptionstatus"],
    };

    private static readonly Dictionary<string, string> ByHeading = Headings
        .SelectMany(field => field.Value.Select(heading => (heading, field.Key)))
        .ToDictionary(pair => pair.heading, pair => pair.Key);

    /// <summary>What each column seems to be. Whatever is not sure is left out: somebody says it.</summary>
    /// <param name="columns">What stands above them.</param>
    /// <param name="rows">Some of the first.</param>
    /// <returns>A field for each column, or null.</returns>
    public static string?[] Guess(IReadOnlyList<string> columns, IReadOnlyList<FileRow> rows)
    {
        var fields = new string?[columns.Count];
        for (var at = 0; at < columns.Count; at++)
        {
            if (ByHeading.TryGetValue(Plain(columns[at]), out var field) && !fields.Contains(field))
            {
                fields[at] = field;
            }
        }

        if (!fields.Contains(Email))
        {
            var addresses = Enumerable
                .Range(0, columns.Count)
                .Select(at => (At: at, Count: rows.Count(row => IsAddress(row, at))))
                .MaxBy(column => column.Count);
            if (addresses.Count > 0)
            {
                fields[addresses.At] = Email;
            }
        }

        return fields;
    }

    /// <summary>A file whose first row holds an address has no heading.</summary>
    public static bool IsHeading(FileRow first) => !Enumerable.Range(0, first.Cells.Count).Any(at => IsAddress(first, at));

    /// <summary>Changes a mapping as somebody said.</summary>
    /// <param name="columns">What stands above them.</param>
    /// <param name="fields">As it is: a field for each column, or null.</param>
    /// <param name="said">By column, as it is called or by its number (<c>#1</c> is the first): a field, the name of a property, or
    /// <see cref="LeftOut"/>.</param>
    public static Result<string?[]> Apply(
        IReadOnlyList<string> columns,
        IReadOnlyList<string?> fields,
        IEnumerable<KeyValuePair<string, string>> said
    )
    {
        if (Resolve(columns, said).IsRefused(out var unfit, out var byColumn))
        {
            return unfit;
        }

        string?[] changed = [.. fields];
        foreach (var (at, field) in byColumn)
        {
            var known = All.FirstOrDefault(one => one.Equals(field, StringComparison.OrdinalIgnoreCase));
            var name = field == LeftOut ? null : known ?? ContactProperties.NameOf(field);
            if (field != LeftOut && name is null)
            {
                return Refusal.Invalid("mapping", ContactProperties.NameRule);
            }

            // What is said counts more than what was guessed.
            if (known is not null && Array.IndexOf(changed, known) is >= 0 and var before && !byColumn.ContainsKey(before))
            {
                changed[before] = null;
            }

            changed[at] = name;
        }

        return Error(changed) is { } why ? why : changed;
    }

    private static Refusal? Error(string?[] fields)
    {
        var given = fields.OfType<string>().ToList();
        return !given.Contains(Email) ? Refusal.Invalid("mapping", $"One column must hold the addresses: give it the field {Email}.")
            : given.GroupBy(field => field, ContactProperties.Names).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? Refusal.Invalid("mapping", $"Two columns are to be \"{twice.Key}\".")
            : given.Count(field => !All.Contains(field)) > ContactProperties.Most
                ? Refusal.Invalid("mapping", $"A contact has at most {ContactProperties.Most} properties.")
            : null;
    }

    /// <returns>What is said, by the place of its column; of what is said of one column twice, the last.</returns>
    private static Result<Dictionary<int, string>> Resolve(IReadOnlyList<string> columns, IEnumerable<KeyValuePair<string, string>> said)
    {
        // Of columns that are called the same, the first is meant.
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < columns.Count; at++)
        {
            places.TryAdd(columns[at], at);
            places.TryAdd(string.Create(CultureInfo.InvariantCulture, $"#{at + 1}"), at);
        }

        var byColumn = new Dictionary<int, string>();
        foreach (var (column, field) in said)
        {
            // Callers may send null in spite of the types.
            if (string.IsNullOrEmpty(column))
            {
                return Refusal.Invalid(
                    "mapping",
                    "mapping has a column without a name: write the column's heading, or #1 for the first."
                );
            }

            if (string.IsNullOrEmpty(field))
            {
                return Refusal.Invalid(
                    "mapping",
                    $"mapping says nothing of \"{Shortening.To(column, 60)}\": name a field or a property, or {LeftOut} to leave it out."
                );
            }

            if (!places.TryGetValue(column, out var at))
            {
                return Refusal.Invalid("mapping", $"The file has no column \"{Shortening.To(column, 60)}\".");
            }

            byColumn[at] = field;
        }

        return byColumn;
    }

    private static bool IsAddress(FileRow row, int column) =>
        column < row.Cells.Count && row.Cells[column].Contains('@') && EmailAddress.Parse(row.Cells[column]) is not null;

    /// <summary>Letters alone, small and without accents.</summary>
    private static string Plain(string heading) =>
        string.Concat(UnicodeText.Normal(heading, NormalizationForm.FormD).Where(char.IsAsciiLetter)).ToLowerInvariant();
}
