import { pipeline, Readable } from 'node:stream';

/**
 * Faults a test can script: for the next N calls (`times`, default 1) or for a while (`seconds`).
 *
 *   { with: 429, retryAfter: 2, times: 3 }               the provider's own error with that status
 *   { with: 'close', path: '/v3.1/send', after: true }   handled, but the caller never learns it
 *   { with: 'hang', method: 'POST', seconds: 5 }         no answer until the caller gives up
 *   { with: 'garbage' }                                  200 and a proxy's HTML page
 *   { with: 302, location: 'http://127.0.0.1:1/' }       sent elsewhere
 *   { with: 'large' }                                    200 and ten megabytes
 *   { with: 'endless' }                                  200 and a body that never ends
 *
 * `path` is a part of the path; `after` handles the call first; `body` replaces the error's body.
 */
const large = 10_000_000;
const kinds = {
  hang: () => {},
  close: (response) => response.req.socket.destroy(),
  garbage: (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome to the hotel network</body></html>'),
  large: (response) => json(response).end(`"${'x'.repeat(large)}"`),
  endless: (response) => pipeline(Readable.from(forever()), json(response), () => {}), // ends when the caller leaves
};
const members = ['with', 'times', 'seconds', 'method', 'path', 'after', 'retryAfter', 'location', 'body'];

export class Faults {
  #scripts = [];

  add(script) {
    for (const one of [script].flat()) check(one);
    for (const one of [script].flat()) {
      this.#scripts.push({
        ...one,
        left: one.times ?? (one.seconds ? Infinity : 1),
        until: one.seconds ? Date.now() + one.seconds * 1000 : Infinity,
      });
    }
  }

  clear() {
    this.#scripts = [];
  }

  /** The oldest script that fits this call; taking it uses it up. */
  take(method, path) {
    this.#scripts = this.#scripts.filter((script) => script.left > 0 && Date.now() < script.until);
    const fault = this.#scripts.find((script) =>
      (!script.method || script.method === method) && (!script.path || path.includes(script.path)));
    if (fault) fault.left -= 1;
    return fault;
  }
}

/** Answers as the fault demands, unless it is a status, which is for the stand-in to put in its own words. */
export function spoil(fault, response) {
  kinds[fault.with](response);
}

const json = (response) => response.writeHead(200, { 'content-type': 'application/json' });

async function* forever() {
  for (;;) yield 'x'.repeat(16_384);
}

// A misspelt script would never fire, and the test that relies on it would prove nothing.
function check(script) {
  const unknown = Object.keys(script ?? {}).find((key) => !members.includes(key));
  if (unknown) throw new Error(`A fault has no member "${unknown}".`);
  const status = Number.isInteger(script?.with) && script.with >= 300 && script.with <= 599;
  if (!status && !Object.hasOwn(kinds, script?.with)) {
    throw new Error(`A fault needs "with": a status from 300 to 599 or one of ${Object.keys(kinds).join(', ')}.`);
  }
}
