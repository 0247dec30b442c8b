import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as call } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { runAsProgram } from './stand-in.js';

const { resolve } = createRequire(import.meta.url);
export const twilioSpec = resolve('@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json');

/**
 * Prism between a client and a stand-in: it holds every request and every answer against the provider's own OpenAPI
 * file. It reports in a header that clients do not read, so a recorder stands in front and keeps what was wrong.
 */
export async function startPrism({ upstream, port = 0, spec = twilioSpec }) {
  const prism = spawn(process.execPath, [resolve('@stoplight/prism-cli'), 'proxy', spec, upstream, '--host', '127.0.0.1', '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const behind = await address(prism);
  const state = { calls: 0, violations: [] };

  const server = createServer(async (request, response) => {
    if (request.url === '/_stand-in/state') return response.setHeader('content-type', 'application/json').end(JSON.stringify(state));
    state.calls += 1;
    // Whole: Prism hands a body that comes in chunks on as one of two lengths.
    const body = await buffer(request);
    const { 'transfer-encoding': chunked, ...headers } = request.headers;
    if (chunked) headers['content-length'] = body.length;
    const forwarded = call(behind + request.url, { method: request.method, headers }, (answer) => {
      for (const violation of JSON.parse(answer.headers['sl-violations'] ?? '[]')) {
        if (!isLegitimate(violation, answer.statusCode)) {
          state.violations.push({ method: request.method, url: request.url, status: answer.statusCode, ...violation });
        }
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    forwarded.once('error', () => response.destroy());
    return forwarded.end(body);
  });
  await new Promise((started, failed) => server.once('error', failed).listen(port, '127.0.0.1', started));

  const close = async () => {
    server.close();
    server.closeAllConnections();
    prism.kill();
    if (prism.exitCode === null && prism.signalCode === null) await once(prism, 'exit');
  };
  return { url: `http://127.0.0.1:${server.address().port}`, state, close };
}

// Where Twilio and its own file differ: the file lists only the answers of success, and its schema
// calls the links of a list absolute while its examples, as Twilio's answers, hold relative ones.
function isLegitimate({ severity, message, location, code }, status) {
  const undocumented = severity === 'Warning' && /status code/.test(message) && status >= 400 && status < 500;
  const relative = code === 'format' && location[0] === 'response' && /(^|_)uri$/.test(location.at(-1));
  return undocumented || relative;
}

function address(prism) {
  return new Promise((found, failed) => {
    const last = [];
    prism.once('exit', () => failed(new Error(`Prism did not start: ${last.join('\n')}`)));
    // Read to the end: it logs every call, and a full pipe would stop it.
    createInterface(prism.stdout).on('line', (line) => {
      last.push(line);
      if (last.length > 5) last.shift();
      const url = /listening on (http:\S+)/.exec(line)?.[1];
      if (url) found(url);
    });
  });
}

await runAsProgram(import.meta.url, startPrism, { upstream: { type: 'string' }, spec: { type: 'string' } });
