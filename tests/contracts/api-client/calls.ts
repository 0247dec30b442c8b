// Calls as somebody would write them with a client made of docs/openapi.json. They are never made: the compiler reads them.
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

const gateway = createClient<paths>({ baseUrl: 'https://gateway.example.org' });
const key = { header: { 'Idempotency-Key': 'order-4711' } };

export async function calls() {
  const token = await gateway.POST('/oauth/token', { body: { grant_type: 'client_credentials', client_id: 'gwi_1', client_secret: 'x' } });
  const bearer: string | undefined = token.data?.access_token;
  const why: string | undefined = token.error && 'error_description' in token.error ? token.error.error_description : undefined;

  const me = await gateway.GET('/v1/me');
  const site: string | undefined = me.data?.site.name;

  // What may be left out is left out, and null is no value that anybody has to send.
  await gateway.POST('/v1/sms', { params: key, body: { to: '+33612345678', text: 'Hello' } });
  await gateway.POST('/v1/sms', { params: key, body: { to: '+33612345678', template: 'order-shipped', vars: { order: { number: 4711 } } } });
  const sms = await gateway.GET('/v1/sms/{id}', { params: { path: { id: 'sms_1' } } });
  const parts: number | undefined = sms.data?.parts;

  await gateway.POST('/v1/messages', { params: key, body: { to: 'ann@example.org', template: 'plain', variables: { subject: 'Hello', body: 'x' } } });
  await gateway.POST('/v1/messages', { params: key, body: { to: 'ann@example.org', template: 'order-shipped', vars: { items: [1, 2] } } });

  await gateway.POST('/v1/contacts', { body: { email: 'ann@example.org', list: 'lst_1' } });
  await gateway.POST('/v1/contacts', {
    body: { email: 'ann@example.org', list: 'lst_1', optIn: 'proven', consent: { text: 'Yes', at: '2026-11-28T10:00:00Z' } },
  });
  const found = await gateway.POST('/v1/contacts/search', { body: { email: 'ann@example.org' } });
  const first: string | undefined = found.data?.items[0]?.email;
  await gateway.POST('/v1/contacts/{id}/unsubscribe', { params: { path: { id: 'con_1' } }, body: { list: 'lst_1' } });

  await gateway.POST('/v1/hooks', { body: { event: 'sms.delivered', url: 'https://shop.example/hook' } });
  const { data: lists } = await gateway.GET('/v1/lists');
  const names: string[] = (lists?.items ?? []).map((list) => list.name);

  await gateway.POST('/v1/templates', { body: { key: 'order-shipped', kind: 'email' } });
  await gateway.POST('/v1/segments', { body: { name: 'Loyal', condition: 'country = "FR"' } });

  // The problem of every operation has a code that a program can act on.
  const { error } = await gateway.GET('/v1/contacts/{id}', { params: { path: { id: 'con_1' } } });
  const code: string | undefined = error?.code;
  const fields: string[] = Object.keys(error?.errors ?? {});
  return { bearer, why, site, parts, first, names, code, fields };
}

// What must be there cannot be left out.
// @ts-expect-error to is missing
export const withoutRecipient: components['schemas']['SmsRequest'] = { text: 'Hello' };
// @ts-expect-error null is no address
export const withNull: components['schemas']['SearchContactsRequest'] = { email: null };
