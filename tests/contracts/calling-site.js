// A gateway with one site, called through its API as the site's own script would.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createGateway } from '../wordpress/lib/gateway.js';
import { until } from '../wordpress/lib/process.js';

/** @param settings of the gateway, by the name of their environment variable */
export async function startCallingSite(settings) {
  const gateway = await createGateway({ settings });
  await gateway.start();
  const site = await gateway.command('site', 'add', 'Shop', '--from', 'news@shop.example');
  const token = await signIn();

  async function signIn() {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: site.clientId, client_secret: site.clientSecret });
    return (await (await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body })).json()).access_token;
  }

  /** Reads, or posts where there is a body. */
  async function call(path, body) {
    const response = await fetch(gateway.url + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(body && { 'idempotency-key': randomUUID() }) },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Sends an SMS and says its id. */
  async function send(to, text) {
    const { status, body } = await call('/v1/sms', { to, text });
    assert.equal(status, 202, JSON.stringify(body));
    return body.id;
  }

  /** Waits until an SMS has a status. */
  const becomes = (id, status) => until(`${id} is ${status}`, async () => {
    const { body } = await call(`/v1/sms/${id}`);
    return body.status === status && body;
  }, { seconds: 60 });

  return { gateway, site, call, send, becomes };
}
