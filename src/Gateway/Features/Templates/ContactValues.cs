using Gateway.Features.Contacts;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates;

/// <summary>A person as a template sees them, <c>contact</c>: what they confirmed, and their properties beside it.</summary>
internal static class ContactValues
{
    public static Dictionary<string, string?> Of(Contact contact)
    {
        var values = contact.AllProperties();
        values["email"] = contact.Address;
        values["name"] = contact.Name;
        values["language"] = contact.Language;
        values.TryAdd("first_name", contact.Name?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault());
        return values;
    }

    public static TemplateObject ValueOf(Contact contact) => TemplateValues.Of(Of(contact));
}
