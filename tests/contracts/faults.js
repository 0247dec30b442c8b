/**
 * Faults a test can script: for the next N calls (`times`, default 1) or for a while (`seconds`).
 *
 *   { with: 429, retryAfter: 2, times: 3 }               the provider's own error with that status
 *   { with: 'close', path: '/v3.1/send', after: true }   handled, but the caller never learns it
 *   { with: 'hang', method: 'POST', seconds: 5 }         no answer until the caller gives up
 *   { with: 'garbage' }                                  200 and a proxy's HTML page
 *
 * `path` is a part of the path; `after` handles the call first; `body` replaces the error's body.
 */
const kinds = ['hang', 'close', 'garbage'];
const members = ['with', 'times', 'seconds', 'method', 'path', 'after', 'retryAfter', 'body'];

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

// A misspelt script would never fire, and the test that relies on it would prove nothing.
function check(script) {
  const unknown = Object.keys(script ?? {}).find((key) => !members.includes(key));
  if (unknown) throw new Error(`A fault has no member "${unknown}".`);
  const status = Number.isInteger(script?.with) && script.with >= 400 && script.with <= 599;
  if (!status && !kinds.includes(script?.with)) {
    throw new Error(`A fault needs "with": a status from 400 to 599 or one of ${kinds.join(', ')}.`);
  }
}
