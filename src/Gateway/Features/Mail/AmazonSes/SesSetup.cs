using Gateway.Features.Connections;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.AmazonSes;

internal static class SesSetup
{
    public static IServiceCollection AddAmazonSes(this IServiceCollection services) =>
        services
            .AddSingleton<IValidateOptions<SesOptions>, SesOptions.Validator>()
            .AddTransportProvider<SesOptions>(
                SesMail.Key,
                "Amazon SES",
                SesOptions.Section,
                (scope, account) => new SesMail(Connect(scope, account), account.ConfigurationSet),
                scope => new Test(scope)
            );

    private static SmtpConnections Connect(IServiceProvider services, SesOptions account) =>
        new(
            account.ToSmtp(services.GetRequiredService<IOptions<SesOptions>>().Value),
            SmtpReach.Installation,
            services.GetRequiredService<IOptions<GatewayOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SmtpConnections>>()
        );

    /// <summary>Connects and signs in; nothing is sent.</summary>
    private sealed class Test(IServiceProvider services) : IConnectionTest
    {
        public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
        {
            using var connections = Connect(services, (SesOptions)settings);
            var (connection, error) = await connections.OpenAsync(ct);
            if (connection is not null)
            {
                await connection.CloseAsync();
            }

            return error is null ? null : SmtpOptions.WithoutPrefix(error.Reason);
        }
    }
}
