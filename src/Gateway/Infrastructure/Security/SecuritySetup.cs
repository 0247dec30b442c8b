using Gateway.Infrastructure.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Gateway.Infrastructure.Security;

internal static class SecuritySetup
{
    /// <summary>The key ring is in the database, so that all replicas share it, and protected by the master key outside.</summary>
    public static IServiceCollection AddGatewaySecurity(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new GatewayOptions();
        var key = MasterKey.Open(options.MasterKeyFile);

        services.AddSingleton(key);
        services.AddSingleton<SecretEncryption>();
        services
            .AddDataProtection()
            .SetApplicationName("Gateway")
            .PersistKeysToDbContext<GatewayDb>()
            .UnprotectKeysWithAnyCertificate(key.Certificates);

        // Like the line above, this takes the certificate when a key is wanted first: by then it is settled which it is.
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<ILoggerFactory>((ring, loggers) => ring.XmlEncryptor = new CertificateXmlEncryptor(key.Certificates[0], loggers));
        return services;
    }
}
