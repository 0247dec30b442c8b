// Stands between the plugin and the gateway, and notes which submissions the gateway took, in the order they came.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Passes requests on to the address that goesTo gives, now or later; while nothing answers there, nothing answers here. */
export async function startTap(goesTo) {
  const taken = [];

  async function pass({ method, url, headers: { host, connection, 'content-length': length, ...headers } }, body, response) {
    const answer = await fetch((await goesTo()) + url, { method, headers, body: body.length > 0 ? body : undefined });
    const text = await answer.text();
    if (answer.status === 200 && url.endsWith('/batch')) {
      taken.push(...JSON.parse(text).results.filter(({ status }) => status === 202).map(({ key }) => key));
    }
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(text);
  }

  const server = createServer(async (request, response) => {
    try {
      await pass(request, await buffer(request), response);
    } catch {
      response.destroy();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The keys; one that stands here twice was taken twice. */
    taken,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
