using Gateway.Features.OptIn.Budgets;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.OptIn.Hygiene;

/// <summary>What is doubtful about an address, and what is not.</summary>
public sealed class AddressFlawsTests
{
    private readonly AddressFlaws _flaws = new(new(Options.Create(new ConfirmationOptions())), new(null));

    [Theory]
    [InlineData("ada@gmial.com", "ada@gmail.com")] // Two neighbours swapped.
    [InlineData("ada@gmaill.com", "ada@gmail.com")]
    [InlineData("ada@gmai.com", "ada@gmail.com")]
    [InlineData("ada@gmsil.com", "ada@gmail.com")]
    [InlineData("ada@gmail.con", "ada@gmail.com")]
    [InlineData("ada@gmail.co", "ada@gmail.com")]
    [InlineData("Ada@hotmial.fr", "Ada@hotmail.fr")]
    [InlineData("ada@yahoo.con", "ada@yahoo.com")]
    [InlineData("ada@outlok.com", "ada@outlook.com")]
    [InlineData("ada@wandoo.fr", "ada@wanadoo.fr")]
    [InlineData("ada@laposte.nte", "ada@laposte.net")]
    public void A_slip_in_a_large_mailbox_domain_is_noticed_with_what_was_meant(string address, string meant)
    {
        Assert.Equal("Typo", $"{FlawOf(address)}");
        Assert.Equal(meant, _flaws.Suggestion(address));
    }

    [Theory]
    [InlineData("ada@gmail.com")]
    [InlineData("ada@ymail.com")] // Yahoo's own.
    [InlineData("ada@mail.com")] // Not Gmail's, and a mailbox provider all the same.
    [InlineData("ada@email.com")]
    [InlineData("ada@yahoo.cl")] // One letter from yahoo.ca, and Yahoo's in Chile.
    [InlineData("ada@hotmail.be")]
    [InlineData("ada@outlook.pt")]
    [InlineData("ada@gmail.example")]
    [InlineData("ada@shop.example")]
    [InlineData("informatique@shop.example")]
    public void An_address_of_a_person_is_nothing_to_look_at(string address)
    {
        Assert.Null(FlawOf(address));
        Assert.Null(_flaws.Suggestion(address));
    }

    [Theory]
    [InlineData("info@shop.example")]
    [InlineData("Postmaster@shop.example")]
    [InlineData("no-reply@shop.example")]
    [InlineData("kontakt@shop.example")]
    [InlineData("comptabilite@shop.example")]
    [InlineData("sales+news@shop.example")]
    public void The_mailbox_of_a_function_is_noticed(string address) => Assert.Equal("Role", $"{FlawOf(address)}");

    [Theory]
    [InlineData("ada@mailinator.com")]
    [InlineData("ada@team.mailinator.com")]
    [InlineData("info@mailinator.com")]
    public void A_throw_away_address_is_noticed_by_its_domain_and_those_above(string address) =>
        Assert.Equal("Disposable", $"{FlawOf(address)}");

    [Fact]
    public void The_operators_own_list_of_domains_counts()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "throw.example\n");
        try
        {
            var options = new ConfirmationOptions();
            options.Domains.DisposableFile = file;
            var flaws = new AddressFlaws(new(Options.Create(options)), new(null));

            Assert.Equal("Disposable", $"{flaws.Of("ada@throw.example")}");
            Assert.Null(flaws.Of("ada@mailinator.com"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Features.Contacts.AddressFlaw? FlawOf(string address) => _flaws.Of(EmailAddress.Parse(address)!.Key);
}
