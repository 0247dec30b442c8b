import { Webhook } from 'standardwebhooks';
import { runAsProgram, startStandIn } from './stand-in.js';

/**
 * Somebody who subscribed to webhooks: remembers every delivery, says whether `standardwebhooks` takes its signature
 * (`valid`, null without a secret), and answers 200, or as the faults demand: `fail({ with: 410, path: '/hook' })`.
 */
export async function startReceiver({ port = 0, secret } = {}) {
  const state = { deliveries: [] };
  let webhook;
  setSecret({ secret });

  /** The secret may be known only after the subscription was made. */
  function setSecret(changes) {
    webhook = changes.secret ? new Webhook(changes.secret) : undefined;
  }

  function observe({ method, path, query, headers, text, body }) {
    state.deliveries.push({ method, path, query, headers, text, body: body ?? null, ...judge(text, headers) });
  }

  function judge(text, headers) {
    if (!webhook) return { valid: null };
    try {
      webhook.verify(text, headers, { jsonParse: false });
      return { valid: true };
    } catch (error) {
      return { valid: false, reason: error.message };
    }
  }

  const standIn = await startStandIn({
    port, state, observe,
    answer: () => ({ status: 200 }),
    problem: (status) => ({ error: `Status ${status}` }),
    controls: { 'GET /_stand-in/deliveries': () => state.deliveries, 'POST /_stand-in/secret': setSecret },
  });
  return { ...standIn, deliveries: state.deliveries, setSecret };
}

await runAsProgram(import.meta.url, startReceiver, { secret: { type: 'string' } });
