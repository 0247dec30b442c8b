using Gateway.Infrastructure.Jobs;

namespace Gateway.Features.Lists;

/// <summary>Lists, and the providers they are mirrored to.</summary>
internal static class ListsFeature
{
    public static IServiceCollection AddLists(this IServiceCollection services) => services
        .AddScoped<ListWishes>()
        .AddScoped<ListBook>()
        .AddDrain<SyncLists>("lists");

    public static void MapLists(this IEndpointRouteBuilder app)
    {
    }
}
