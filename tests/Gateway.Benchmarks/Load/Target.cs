namespace Gateway.Benchmarks.Load;

/// <summary>Where to send and how to sign.</summary>
/// <param name="Url">The server's address, <c>http://127.0.0.1:…</c>.</param>
/// <param name="Path">The path that takes submissions.</param>
/// <param name="Secret">The site's signing secret, <c>whsec_…</c>.</param>
/// <param name="List">The id of one of the site's lists.</param>
internal sealed record Target(string Url, string Path, string Secret, string List);
