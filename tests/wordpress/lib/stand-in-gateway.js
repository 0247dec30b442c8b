// Something that answers like a gateway, or fails like one, where a test needs only what the plugin asks for its menus.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { run } from './process.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** A connection key, as `gateway site add` prints it. */
export const connectionKey = (url) => `gwc_${Buffer.from(JSON.stringify({ url, site: 'site_1', secret })).toString('base64url')}`;

const found = { site: { id: 'site_1', name: 'Test Shop' }, items: [] };

/** What the gateway answers: lists, or one of its refusals. */
export const answers = {
  lists: (...items) => [200, { ...found, items }],
  wrongKey: [401, { code: 'unauthorized' }],
  clock: [401, { code: 'clock_skew', serverTime: new Date(Date.now() + 86_400_000).toISOString() }],
  down: [503, { detail: 'The database is being moved.' }],
};

/** @param folder Where a certificate that nobody trusts is kept; without it, plain HTTP. */
export async function startStandInGateway(folder) {
  let [status, body] = answers.lists();
  const answer = (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = folder ? createTlsServer(await certificate(folder), answer) : createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `${folder ? 'https' : 'http'}://localhost:${server.address().port}`;
  return {
    key: connectionKey(url),
    answers: (next) => ([status, body] = next),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function certificate(folder) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1', '-subj',
    '/CN=localhost']);
  return { key: await readFile(key), cert: await readFile(cert) };
}
