// A submission as the plugin signs it, where a test needs no WordPress.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';

/**
 * @param account What `gateway site add` answered.
 * @param properties What the person typed beside the address.
 */
export async function submit(gateway, account, list, email, properties = {}) {
  const [id, at] = [randomUUID(), Math.floor(Date.now() / 1000)];
  const body = JSON.stringify({
    key: id,
    submittedAt: new Date().toISOString(),
    form: { id: '4', title: 'Contact', url: 'https://shop.example/contact/', locale: 'en_US' },
    fields: { 'your-email': email, 'your-message': 'A longer text, as people write them: could you tell me when the shop opens on Sundays?',
      ...properties },
    subscribe: [{ list, email: 'your-email', properties: Object.fromEntries(Object.keys(properties).map((name) => [name, name])),
      consent: { given: true, text: 'Yes, send me the newsletter.' } }],
  });
  const key = Buffer.from(account.signingSecret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  const response = await fetch(`${gateway.url}/v1/sites/${account.site}/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(at),
      'webhook-signature': `v1,${signature}` },
    body,
  });
  assert.equal(response.status, 202, await response.text());
}
