using Gateway.Infrastructure.Data;
using Microsoft.AspNetCore.DataProtection;

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
            .ProtectKeysWithCertificate(key.Certificate);
        return services;
    }
}
