using FluentValidation;
using FluentValidation.Results;

namespace Gateway.Infrastructure.Http;

internal static class Validation
{
    /// <summary>
    /// Checks the endpoint's argument of type <typeparamref name="T"/> before the handler runs; an error is a 400 that names the field.
    /// </summary>
    public static RouteHandlerBuilder Validate<T>(this RouteHandlerBuilder endpoint)
        where T : class =>
        endpoint
            .AddEndpointFilter(
                async (context, next) =>
                {
                    // Filters run even when binding failed; then there is nothing to check and the 400 is on its way.
                    if (context.Arguments.OfType<T>().FirstOrDefault() is not { } request)
                    {
                        return Problems.Invalid("", "The body must be a JSON object.");
                    }

                    var result = context.HttpContext.RequestServices.GetRequiredService<IValidator<T>>().Validate(request);
                    return result.IsValid ? await next(context) : Problems.Invalid(result.ByField());
                }
            )
            .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <returns>Sentences by field, in the sender's own names.</returns>
    public static Dictionary<string, string[]> ByField(this ValidationResult result) =>
        result
            .Errors.GroupBy(error => error.PropertyName)
            .ToDictionary(field => field.Key, field => field.Select(error => error.ErrorMessage).Distinct().ToArray());
}
