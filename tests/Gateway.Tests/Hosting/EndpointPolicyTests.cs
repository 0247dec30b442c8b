using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Hosting;

/// <summary>Who may call what. Every endpoint names its policy, and who is open to everybody stands here by name.</summary>
public sealed class EndpointPolicyTests
{
    /// <summary>What anybody may call, by the beginning of its route: a reviewer sees each new one here.</summary>
    private static readonly string[] OpenToEverybody =
    [
        "/health/",
        "/metrics",
        "/oauth/token",
        "/oauth/connection",
        "/connect",
        "/openapi/",
        "/docs",
        "/c",
        "/u/",
        "/p/",
        "/d/",
        "/stay/",
        "/providers/",
        "/admin/sign-in",
        "/admin/language",
        "/admin/address-check/",
        "/admin/test-mail/",
        "/demo",
        "/evidence-key.pem",
        "/gateway-connector.zip",
        "/.well-known/security.txt",
    ];

    /// <summary>The first page, which shows nothing of anybody's.</summary>
    private const string Home = "/";

    /// <summary>
    /// The framework's own, in Development alone, for files that are newer than the build; the fallback policy refuses them.
    /// </summary>
    private const string AssetsOfDevelopment = "/{**path:file}";

    /// <summary>Hangfire's pages, which look at the method themselves.</summary>
    private const string PackagesOwn = "/hangfire/{**path}";

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public void Every_endpoint_names_its_policy_and_what_is_open_is_listed()
    {
        var unnamed = new List<string>();
        var open = new List<string>();
        foreach (var endpoint in Endpoints())
        {
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                var isFile = endpoint.Metadata.Any(one => one.GetType().Name.Contains("StaticAsset", StringComparison.Ordinal));
                if (!isFile && route != Home && !OpenToEverybody.Any(begin => route.StartsWith(begin, StringComparison.Ordinal)))
                {
                    open.Add(route);
                }
            }
            else if (endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is null && route != AssetsOfDevelopment)
            {
                unnamed.Add(route);
            }
        }

        Assert.Empty(unnamed);
        Assert.Empty(open);
    }

    [Fact]
    public void Every_endpoint_names_the_methods_that_it_answers()
    {
        var unnamed = Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods.Count: > 0 })
            .Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Equal([PackagesOwn], unnamed);
    }

    [Fact]
    public void Whatever_changes_something_needs_a_scope_or_more()
    {
        var weak = Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Any(method => method is "PUT" or "DELETE" or "PATCH")
                == true
            )
            .Where(endpoint =>
                endpoint
                    .Metadata.GetOrderedMetadata<IAuthorizeData>()
                    .All(one => one.Policy is "token" || one.Policy!.StartsWith("reading:", StringComparison.Ordinal))
            )
            .Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Empty(weak);
    }

    private IEnumerable<RouteEndpoint> Endpoints()
    {
        var endpoints = gateway
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .ToList();
        Assert.True(endpoints.Count > 50, "The endpoints of the gateway were not found.");
        return endpoints;
    }
}
