// The gateway keeps lists at Mailchimp, MailerLite and listmonk: the stand-ins that the vendors' clients drive take its calls too.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { until } from '../wordpress/lib/process.js';
import { startCallingSite } from './calling-site.js';
import * as listmonk from './listmonk.js';
import { apiKey, listId, startMailchimp } from './mailchimp.js';
import { groupId, startMailerLite, token } from './mailerlite.js';

describe('The gateway keeps lists', () => {
  let mailchimp, mailerLite, server, gateway, site, call;

  before(async () => {
    [mailchimp, mailerLite, server] = await Promise.all([startMailchimp(), startMailerLite(), listmonk.startListmonk({ older: true })]);
    ({ gateway, site, call } = await startCallingSite({
      Lists__Mailchimp__BaseUrl: mailchimp.url, Lists__Mailchimp__ApiKey: apiKey,
      Lists__MailerLite__BaseUrl: mailerLite.url, Lists__MailerLite__ApiKey: token,
      Lists__Listmonk__Url: server.url, Lists__Listmonk__User: listmonk.user, Lists__Listmonk__Token: listmonk.token,
      Hooks__AllowPrivateTargets: 'true',
    }));
  });
  after(async () => {
    await gateway?.remove();
    await Promise.all([mailchimp?.close(), mailerLite?.close(), server?.close()]);
  });

  async function listAt(provider, id) {
    return (await gateway.command('list', 'add', site.site, `News at ${provider}`, '--provider', provider, '--provider-list', id)).list;
  }

  async function subscribe(list, email) {
    const consent = { text: 'Yes, send me news.', source: 'Spring fair', at: '2026-03-01T10:00:00Z' };
    const { status, body } = await call('/v1/contacts', {
      email, name: 'Ann Lee', list, properties: { city: 'Turin' }, optIn: 'proven', consent,
    });
    assert.equal(status, 200, JSON.stringify(body));
    return body.id;
  }

  it('at Mailchimp', async () => {
    const email = 'ann@mailchimp.example';
    const hash = createHash('md5').update(email).digest('hex');
    const id = await subscribe(await listAt('mailchimp', listId), email);
    const member = await until('Mailchimp to have her', async () => mailchimp.state.members[hash]);
    assert.deepEqual([member.status, member.merge_fields.FNAME, Object.values(member.merge_fields).includes('Turin')],
      ['subscribed', 'Ann', true]);
    await call(`/v1/contacts/${id}/unsubscribe`, {});
    await until('Mailchimp to hear that she left', async () => mailchimp.state.members[hash]?.status === 'unsubscribed');
  });

  it('at MailerLite', async () => {
    const email = 'ann@mailerlite.example';
    const id = await subscribe(await listAt('mailerlite', groupId), email);
    const found = () => mailerLite.state.subscribers.find((one) => one.email === email);
    await until('MailerLite to have her', async () => found()?.groups.length === 1);
    assert.deepEqual([found().fields.name, found().fields.city, found().status], ['Ann Lee', 'Turin', 'active']);
    assert.match(found().opted_in_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    await call(`/v1/contacts/${id}/unsubscribe`, {});
    await until('MailerLite to hear that she left', async () => found().groups.length === 0 || found().status === 'unsubscribed');
  });

  it('at listmonk', async () => {
    const email = 'ann@listmonk.example';
    const id = await subscribe(await listAt('listmonk', String(listmonk.listId)), email);
    const found = () => server.state.subscribers.find((one) => one.email === email);
    await until('listmonk to have her', async () => found()?.lists[0]?.subscription_status === 'confirmed');
    assert.deepEqual([found().name, found().attribs.city, found().status], ['Ann Lee', 'Turin', 'enabled']);
    await call(`/v1/contacts/${id}/unsubscribe`, {});
    await until('listmonk to hear that she left', async () => found().lists[0].subscription_status === 'unsubscribed');
  });
});
