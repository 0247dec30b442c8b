using System.Data.Common;
using System.Net.Sockets;
using Gateway.Infrastructure.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure;

/// <summary>What stops a start for a reason the operator can fix is told in a sentence for each error, without a stack trace.</summary>
internal static class StartupErrors
{
    /// <returns>Null when the exception is a bug.</returns>
    public static IReadOnlyList<string>? Sentences(Exception error) =>
        error switch
        {
            OptionsValidationException invalid => [.. invalid.Failures],
            AggregateException many when many.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            // Options that rest on faulty ones repeat their errors.
            [
                .. many.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures).Distinct(),
            ],
            StartupError one => one.Sentences,
            DbException database => [$"The database does not work as ConnectionStrings__Gateway names it: {database.Message}"],
            InvalidDataException { InnerException: FormatException or System.Text.Json.JsonException } file =>
            [
                $"A file of settings cannot be read: {file.Message} {file.InnerException!.Message}",
            ],
            IOException { InnerException: AddressInUseException } =>
            [
                "Another program listens at the address of ASPNETCORE_URLS already.",
            ],
            SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } listening =>
            [
                $"The gateway cannot listen at the address of ASPNETCORE_URLS ({listening.SocketErrorCode}): take a port above 1023, and "
                    + "an address of this machine.",
            ],
            FormatException { TargetSite.DeclaringType.Name: "BindingAddress" } =>
            [
                "ASPNETCORE_URLS must be addresses such as http://127.0.0.1:5080, separated by semicolons.",
            ],
            UnauthorizedAccessException denied => [$"This user may not do what is needed: {denied.Message}"],
            _ => null,
        };
}
