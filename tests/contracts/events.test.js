// What providers tell of mails, through the gateway itself: signed with each provider's own package, judged by it, twice and in any order.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import sendGrid from '@sendgrid/eventwebhook';
import postmark from 'postmark';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as Svix } from 'svix';
import { createGateway } from '../wordpress/lib/gateway.js';
import { until } from '../wordpress/lib/process.js';
import { providers } from './mail-events.js';

/** Of a mail about which these events are told: what becomes of it, and whether its recipient is written to no more. */
const stories = [
  { events: ['deferred', 'delivered', 'opened'], status: 'delivered', suppressed: false },
  { events: ['delivered', 'hard'], status: 'bounced', suppressed: true },
  { events: ['deferred', 'soft'], status: 'bounced', suppressed: false },
  { events: ['delivered', 'blocked'], status: 'bounced', suppressed: false },
  { events: ['delivered', 'complained'], status: 'delivered', suppressed: true },
  { events: ['delivered', 'unsubscribed'], status: 'delivered', suppressed: false },
];

// Not all of them at once, since callers have a limit for each second.
describe('Providers tell what became of mails', { concurrency: 8 }, () => {
  let gateway, token;
  const known = Object.fromEntries(Object.entries(providers).map(([name, make]) => [name, make()]));

  before(async () => {
    gateway = await createGateway();
    await gateway.start();
    const site = await gateway.command('site', 'add', 'Shop', '--from', 'news@shop.example');
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: site.clientId, client_secret: site.clientSecret });
    token = (await (await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body })).json()).access_token;
    for (const [name, provider] of Object.entries(known)) {
      provider.url = (await gateway.command('mail-events', 'add', name, '--site', site.site, ...(provider.options ?? []))).url;
    }
  });
  after(() => gateway?.remove());

  async function call(path, body) {
    const response = await fetch(gateway.url + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(body && { 'idempotency-key': randomUUID() }) },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  const mail = (to) => call('/v1/messages', { to, template: 'plain', variables: { subject: 'Your order', body: 'It is on its way.' } });
  const becomes = (id, status) =>
    until(`${id} is ${status}`, async () => (await call(`/v1/messages/${id}`)).body.status === status);

  async function sent(to) {
    const { status, body } = await mail(to);
    assert.equal(status, 202, JSON.stringify(body));
    await becomes(body.id, 'sent');
    return body.id;
  }

  async function post(provider, body, headers = provider.sign?.(body)) {
    const response = await fetch(provider.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    await response.arrayBuffer();
    return response.status;
  }

  async function tell(provider, id, to, names, times) {
    for (const [at, name] of names.entries()) {
      const body = provider.events[name]({ id, to, number: at });
      for (let time = 0; time < times; time++) assert.equal(await post(provider, body), 204, `${name}: ${body}`);
    }
  }

  for (const [name, provider] of Object.entries(known)) {
    for (const { events, status, suppressed } of stories) {
      const told = events.filter((event) => event in provider.events);
      if (told.length < events.length) continue; // Nobody tells it.
      const orders = {
        [`${name}: ${told.join(', ')}`]: [told, 1],
        [`${name}, each twice: ${told.toReversed().join(', ')}`]: [told.toReversed(), 2],
      };
      for (const [what, [order, times]] of Object.entries(orders)) {
        it(what, async () => {
          const to = `ada@${randomUUID()}.example`;
          const id = await sent(to);
          await tell(provider, id, to, order, times);
          await becomes(id, status);
          if (suppressed) await until(`${to} is suppressed`, async () => (await mail(to)).body.code === 'suppressed');
          else assert.equal((await mail(to)).status, 202);
        });
      }
    }
  }

  it('takes from Postmark every type of bounce that its package knows', async () => {
    // A mail that is then told to be delivered is so, unless it came back.
    const [cameBack, arrived] = [
      ['HardBounce', 'BadEmailAddress', 'SoftBounce', 'DnsError', 'Unknown', 'Blocked', 'SpamNotification', 'DMARCPolicy',
        'VirusNotification', 'ChallengeVerification', 'ManuallyDeactivated'],
      ['SpamComplaint', 'Unsubscribe', 'Transient', 'Subscribe', 'AutoResponder', 'AddressChange', 'OpenRelayTest', 'Unconfirmed',
        'SMTPApiError', 'InboundError', 'TemplateRenderingFailed'],
    ];
    const { BounceType, BounceTypeCode } = postmark.Models;
    assert.deepEqual(Object.values(BounceType).sort(), [...cameBack, ...arrived].sort());
    const { bounce, events: { delivered } } = known.postmark;
    await Promise.all(Object.values(BounceType).map(async (type, number) => {
      const to = `ada@${randomUUID()}.example`;
      const id = await sent(to);
      for (const told of [bounce(type, BounceTypeCode[type], 'smtp;no code'), delivered]) {
        assert.equal(await post(known.postmark, told({ id, to, number })), 204);
      }
      await becomes(id, cameBack.includes(type) ? 'bounced' : 'delivered');
    }));
  });

  // The provider's package and the gateway read the same requests.
  const judges = {
    sendgrid: ({ key, sign }) => {
      const verifier = new sendGrid.EventWebhook();
      const signature = sendGrid.EventWebhookHeader.SIGNATURE(), timestamp = sendGrid.EventWebhookHeader.TIMESTAMP();
      return {
        genuine: (body) => sign(body),
        forged: {
          'another body': (body) => sign(`${body} `),
          'another time': (body) => ({ ...sign(body), [timestamp]: '1' }),
          'the key of somebody else': (body) => providers.sendgrid().sign(body),
        },
        verifies: (body, headers) =>
          verifier.verifySignature(verifier.convertPublicKeyToECDSA(key), body, headers[signature], headers[timestamp]),
      };
    },
    resend: ({ key, sign }) =>
      signedByStandard(sign, 'svix', providers.resend, (body, headers) => new Svix(key).verify(body, headers)),
    generic: ({ key, sign }) =>
      signedByStandard(sign, 'webhook', providers.generic, (body, headers) => new StandardWebhook(key).verify(body, headers)),
  };

  function signedByStandard(sign, prefix, make, verify) {
    const [signature, id] = [`${prefix}-signature`, `${prefix}-id`];
    const ago = (seconds) => new Date(Date.now() - seconds * 1000);
    return {
      genuine: (body) => {
        const headers = sign(body);
        return { ...headers, [signature]: `v1,${'A'.repeat(43)}= ${headers[signature]}` }; // As after a change of the key.
      },
      forged: {
        'another body': (body) => sign(`${body} `),
        'an old time': (body) => sign(body, ago(400)),
        'a time to come': (body) => sign(body, ago(-400)),
        'another id': (body) => ({ ...sign(body), [id]: 'msg_other' }),
        'the key of somebody else': (body) => make().sign(body),
        'another version': (body) => ({ ...sign(body), [signature]: sign(body)[signature].replace('v1,', 'v2,') }),
      },
      verifies: (body, headers) => {
        try {
          verify(body, headers);
          return true;
        } catch {
          return false;
        }
      },
    };
  }

  for (const [name, judge] of Object.entries(judges)) {
    const { genuine, forged, verifies } = judge(known[name]);
    const requests = [['a genuine one', genuine, 204], ...Object.entries(forged).map(([what, make]) => [what, make, 403])];
    for (const [what, make, status] of requests) {
      it(`${name}: ${what} is judged as by the provider's package`, async () => {
        const body = known[name].events.delivered({ id: `msg_${'0'.repeat(32)}`, to: 'ada@example.org', number: 0 });
        const headers = make(body);
        assert.equal(verifies(body, headers), status === 204);
        assert.equal(await post(known[name], body, headers), status);
      });
    }
  }
});
