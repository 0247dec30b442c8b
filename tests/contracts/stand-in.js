import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Faults, spoil } from './faults.js';

/**
 * An HTTP server on loopback that keeps state, logs every call and misbehaves on request.
 * `answer(call)` returns `{ status, body, headers }`; `problem(status, call)` gives an error's body as
 * the provider writes it; `parse` reads a body, if the provider takes something else than JSON. The same
 * controls exist in code and under `/_stand-in/` for other languages; `controls` adds a stand-in's own.
 * `observe(call)` sees every call, also one that a fault keeps from `answer`.
 */
export async function startStandIn({
  port = 0, state, answer, problem, throttle, serialize = JSON.stringify, parse = parseJson, controls = {}, observe,
}) {
  const requests = [];
  const faults = new Faults();
  const fail = (script) => faults.add(script);
  const heal = () => faults.clear();

  const server = createServer((request, response) => serve(request, response).catch((error) => {
    if (error.code === 'ECONNRESET') return; // The caller left in the middle of its body.
    console.error(error);
    response.writeHead(500).end(`The stand-in failed: ${error.message}`);
  }));

  async function serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://stand-in');
    const text = await readText(request);
    const send = ({ status, body, headers = {} }) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      response.writeHead(status, { ...type, ...headers });
      response.end(body === undefined ? undefined : serialize(body));
    };
    if (pathname.startsWith('/_stand-in/')) return send(await control(request.method, pathname, text));

    const entry = { method: request.method, path: pathname, query: Object.fromEntries(searchParams), body: parse(text) };
    requests.push(entry);
    const call = { ...entry, headers: request.headers, text };
    observe?.(call);
    const fault = faults.take(entry.method, entry.path);
    if (fault) entry.fault = fault.with;

    const handled = fault && !fault.after ? undefined : await answer(call);
    const status = fault ? fault.with : handled.status;
    if (!Number.isInteger(status)) return spoil(fault, response);
    entry.status = status;
    return send(fault ? refusal(fault, call) : handled);
  }

  function refusal(fault, call) {
    const headers = fault.with === 429 ? { ...throttle?.() } : {};
    if (fault.location) headers.location = fault.location;
    if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
    return { status: fault.with, body: fault.body ?? problem(fault.with, call), headers };
  }

  const known = {
    'GET /_stand-in/requests': () => requests,
    'GET /_stand-in/state': () => state,
    'DELETE /_stand-in/fail': heal,
    'POST /_stand-in/fail': fail,
    ...controls,
  };

  async function control(method, path, text) {
    const run = known[`${method} ${path}`];
    if (!run) return { status: 404, body: { error: `There is no control ${method} ${path}.` } };
    try {
      const body = await run(parseJson(text));
      return { status: body === undefined ? 204 : 200, body };
    } catch (error) {
      return { status: 400, body: { error: error.message } };
    }
  }

  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, state, requests, fail, heal, close };
}

async function readText(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** `undefined` for no body or one that is not JSON; providers refuse both in their own words. */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Finds the handler of a table such as `{ 'GET /v3/contacts/:id': (call, { id }) => … }`. */
export function router(table) {
  const routes = Object.entries(table).map(([route, handler]) => {
    const [method, path] = route.split(' ');
    return { method, handler, pattern: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`, 'i') };
  });
  return ({ method, path }) => {
    for (const route of routes) {
      const found = route.method === method && route.pattern.exec(path);
      if (!found) continue;
      const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
      return (call) => route.handler(call, Object.fromEntries(params));
    }
    return undefined;
  };
}

/** Changes what a stand-in does; a misspelt member would change nothing, and the test that relies on it would prove nothing. */
export function change(mode, changes) {
  const unknown = Object.keys(changes).find((key) => !Object.hasOwn(mode, key));
  if (unknown) throw new Error(`The mode has no member "${unknown}".`);
  Object.assign(mode, changes);
}

/** How often each text was taken for each recipient: more than once is what the gateway must never do. */
export function countTaken(messages) {
  const counts = new Map();
  for (const { to, body } of messages) {
    const key = JSON.stringify([to, body]);
    counts.set(key, { to, body, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Lets a module be a program too: `node mailjet.js --port 8025` prints its address as one line of JSON. */
export async function runAsProgram(moduleUrl, start, options = {}) {
  if (!process.argv[1] || moduleUrl !== pathToFileURL(process.argv[1]).href) return;
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, ...options } });
  const { url, close } = await start({ ...values, port: Number(values.port) });
  console.log(JSON.stringify({ url }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close);
}
