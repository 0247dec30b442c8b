// Providers whose APIs take mails: each one's own client sends to the stand-in, and the gateway sends the same shape.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { BrevoClient } from '@getbrevo/brevo';
import Mailjet from 'node-mailjet';
import postmark from 'postmark';
import { Resend } from 'resend';
import { createGateway } from '../wordpress/lib/gateway.js';
import { until } from '../wordpress/lib/process.js';
import { transports } from './mail-transports.js';

Mailjet.Request.protocol = 'http://';

const mail = {
  from: 'news@shop.example', to: 'ann@example.org', subject: 'Hello', text: 'Hello Ann', html: '<p>Hello Ann</p>',
  headers: { 'List-Unsubscribe': '<https://shop.example/u/1>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  reference: 'msg_1',
};

/** A mail as each vendor's own client sends it; `key` is whom it signs in as. It rejects where the client does, or gives an error. */
const clients = {
  mailjet: (url, key) => async (one) => {
    const client = new Mailjet({ apiKey: key ?? 'key', apiSecret: 'secret', config: { host: url.replace('http://', '') } });
    await client.post('send', { version: 'v3.1' }).request({
      Messages: [{
        From: { Email: one.from }, To: [{ Email: one.to }], Subject: one.subject, TextPart: one.text, HTMLPart: one.html,
        Headers: one.headers, CustomID: one.reference, TrackOpens: 'disabled', TrackClicks: 'disabled',
      }],
    });
  },
  brevo: (url, key) => async (one) => {
    const client = new BrevoClient({ apiKey: key ?? 'key', baseUrl: `${url}/v3`, maxRetries: 0 });
    await client.transactionalEmails.sendTransacEmail({
      sender: { email: one.from }, to: [{ email: one.to }], subject: one.subject, textContent: one.text, htmlContent: one.html,
      headers: { ...one.headers, 'X-Mailin-custom': JSON.stringify({ gateway: one.reference }) },
    });
  },
  postmark: (url, key) => async (one) => {
    const client = new postmark.ServerClient(key ?? 'token', { useHttps: false, requestHost: url.replace('http://', '') });
    await client.sendEmail({
      From: one.from, To: one.to, Subject: one.subject, TextBody: one.text, HtmlBody: one.html, TrackOpens: false, TrackLinks: 'None',
      Headers: Object.entries(one.headers).map(([Name, Value]) => ({ Name, Value })), Metadata: { gateway: one.reference },
    });
  },
  resend: (url, key) => async (one) => {
    const client = new Resend(key ?? 're_key', { baseUrl: url });
    const { error } = await client.emails.send({
      from: one.from, to: one.to, subject: one.subject, text: one.text, html: one.html,
      headers: { ...one.headers, 'X-Entity-Ref-ID': one.reference },
    });
    if (error) throw new Error(`${error.name}: ${error.message}`);
  },
};

// Beside each other: most of the time each waits for a mail to be repeated.
describe('Providers whose APIs take mails', { concurrency: true }, () => {
  for (const [name, transport] of Object.entries(transports)) {
    describe(`${name}: its own client and the gateway`, { concurrency: 1 }, () => {
      let standIn, gateway, token;

      before(async () => {
        standIn = await transport.start();
        gateway = await createGateway({ settings: { Mail__Transport: name, ...transport.settings(standIn.url) } });
        await gateway.start();
        const site = await gateway.command('site', 'add', 'Shop', '--from', 'news@shop.example');
        const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: site.clientId, client_secret: site.clientSecret });
        token = (await (await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body })).json()).access_token;
      });
      after(async () => {
        await gateway?.remove();
        await standIn?.close();
      });

      async function call(path, body) {
        const response = await fetch(gateway.url + path, {
          method: body ? 'POST' : 'GET',
          headers: {
            authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(body && { 'idempotency-key': randomUUID() }),
          },
          body: body && JSON.stringify(body),
        });
        return response.json();
      }

      async function send(to) {
        const variables = { subject: 'Your order', body: 'It is on its way.' };
        return (await call('/v1/messages', { to, template: 'plain', variables })).id;
      }

      const becomes = (id, status) => until(`${id} is ${status}`, async () => (await call(`/v1/messages/${id}`)).status === status,
        { seconds: 90 });
      const takenFor = (to) => transport.taken(standIn).filter((one) => one.to === to);

      it('takes a mail of the vendor’s client with headers, reference and no counting', async () => {
        await clients[name](standIn.url)(mail);
        const [taken] = takenFor(mail.to);
        for (const part of ['from', 'to', 'subject', 'text', 'html', 'reference']) assert.equal(taken[part], mail[part], part);
        for (const [header, value] of Object.entries(mail.headers)) assert.equal(taken.headers[header], value);
        assert.notEqual(taken.uncounted, false);
      });

      it('refuses a wrong key, and says it as the vendor’s client expects', async () => {
        await assert.rejects(clients[name](standIn.url, 're_wrong')(mail));
      });

      it('refuses a recipient, and says it as the vendor’s client expects', async () => {
        await assert.rejects(clients[name](standIn.url)({ ...mail, to: 'nobody' }));
      });

      it('takes the same shape from the gateway', async () => {
        const to = `bob@${name}.example`;
        const id = await send(to);
        await becomes(id, 'sent');
        const [taken] = takenFor(to);
        assert.deepEqual([taken.from, taken.subject, taken.reference], ['news@shop.example', 'Your order', id]);
        assert.match(taken.text, /It is on its way/);
        assert.match(taken.html, /It is on its way/);
        assert.equal(taken.headers['Auto-Submitted'], 'auto-generated');
        assert.match(taken.headers['Feedback-ID'], /^transactional:/);
        assert.equal(/^<[0-9a-f]{32}@shop\.example>$/.test(taken.headers['Message-ID']), transport.keepsMessageId);
        assert.notEqual(taken.uncounted, false);
        const [theirs, ours] = ['ann@example.org', to].map((one) => standIn.requests.find(({ method, path, body }) =>
          method === 'POST' && path === transport.path && JSON.stringify(body).includes(one)).body);
        assert.deepEqual(membersOf(ours).filter((member) => !membersOf(theirs).includes(member) && !optional.includes(member)), []);
      });

      it('is not told twice where it can know: the answer was lost', async () => {
        const to = `lost@${name}.example`;
        standIn.fail({ with: 'close', after: true, path: transport.path });
        await becomes(await send(to), 'sent');
        assert.equal(takenFor(to).length, transport.knowsRepeats ? 1 : 2);
        assert.equal(new Set(takenFor(to).map((one) => one.headers['Message-ID'])).size, 1);
      });

      it('lets `check config --connect` in, and out again with a wrong key', async () => {
        const { ok, connections } = await gateway.command('check', 'config', '--connect');
        assert.deepEqual([ok, connections.length], [true, 1]);
        const other = await createGateway({ settings: { Mail__Transport: name, ...transport.settings(standIn.url, 're_wrong') } });
        try {
          await assert.rejects(other.command('check', 'config', '--connect'), /refuses the credentials/);
        } finally {
          await other.remove();
        }
      });
    });
  }
});

/** What vendors' clients may send and the mail above did not need. */
const optional = ['ReplyTo', 'replyTo', 'reply_to', 'MessageStream'];

/** The names of a body's members, of a message in a list too. */
const membersOf = (body) => Object.keys(body.Messages?.[0] ?? body);
