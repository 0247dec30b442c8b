// The gateway with real mail servers: Postfix takes its mails and returns some, Dovecot keeps what comes back.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startReceiver } from '../contracts/receiver.js';
import { createGateway } from '../wordpress/lib/gateway.js';
import { freePort, until } from '../wordpress/lib/process.js';
import { password, sizeLimit, startMailServers } from './servers.js';

const user = 'gateway@here.test';

describe('Mail by Postfix and Dovecot', { concurrency: true }, () => {
  let servers, imap, pop3;

  before(async () => {
    const listener = await freePort();
    servers = await startMailServers({ listener });
    // What differs is how they hear of what came back.
    [imap, pop3] = await Promise.all([
      startGateway({
        ...mailbox('imap', servers.imap, 'starttls'), Mail__BounceListener__Port: String(listener), Mail__ReturnPath: 'bounces@imap.test',
      }),
      startGateway({
        ...mailbox('pop3', servers.pop3s, 'tls'), Mail__BounceMailbox__PollSeconds: '1', Mail__ReturnPath: 'bounces@pop3.test',
      }, { signs: 'here.test' }),
    ]);
  });
  after(async () => {
    await Promise.all([imap, pop3].map((gateway) => gateway?.remove()));
    await servers?.stop();
  });

  const submission = (secret = password) => ({
    Mail__Transport: 'smtp', Mail__From: 'news@here.test', Mail__Smtp__Host: '127.0.0.1', Mail__Smtp__Port: String(servers.submission),
    Mail__Smtp__Security: 'starttls', Mail__Smtp__User: user, Mail__Smtp__Password: secret, Mail__Smtp__CaFile: servers.certificate,
  });
  const mailbox = (protocol, port, security, secret = password) => ({
    Mail__BounceMailbox__Protocol: protocol, Mail__BounceMailbox__Host: '127.0.0.1', Mail__BounceMailbox__Port: String(port),
    Mail__BounceMailbox__Security: security, Mail__BounceMailbox__User: `bounces@${protocol}.test`, Mail__BounceMailbox__Password: secret,
    Mail__BounceMailbox__CaFile: servers.certificate,
  });

  async function startGateway(settings, { signs } = {}) {
    const gateway = await createGateway({ settings: { ...submission(), ...settings } });
    const hook = await startReceiver();
    try {
      if (signs) {
        await gateway.command('domain', 'key', signs);
        await gateway.command('domain', 'key', signs, '--sign', '--force');
      }
      await gateway.start();
      const site = await gateway.command('site', 'add', 'Shop');
      const form = { grant_type: 'client_credentials', client_id: site.clientId, client_secret: site.clientSecret };
      const signedIn = await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
      const { access_token: token } = await signedIn.json();
      const call = async (path, body) => {
        const response = await fetch(gateway.url + path, {
          method: body ? 'POST' : 'GET',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
          body: body && JSON.stringify(body),
        });
        return { status: response.status, body: await response.json() };
      };
      const hooked = await call('/v1/hooks', { url: `${hook.url}/bounced`, event: 'contact.bounced' });
      assert.equal(hooked.status, 201, JSON.stringify(hooked.body));
      const remove = () => Promise.all([gateway.remove(), hook.close()]);
      return { ...gateway, site: site.site, call, remove, told: () => hook.deliveries.map(({ body }) => body) };
    } catch (error) {
      await hook.close();
      await gateway.remove();
      throw error;
    }
  }

  const mail = (to, text) => ({ to, template: 'plain', variables: { subject: 'Your order', body: text } });

  async function send(gateway, to, text = 'It is on its way.') {
    const { status, body } = await gateway.call('/v1/messages', mail(to, text));
    assert.equal(status, 202, JSON.stringify(body));
    return body.id;
  }

  /** Waits for what a message becomes; what the servers wrote tells why when it does not. */
  async function becomes(gateway, id, status) {
    let last;
    try {
      return await until(`${id} is ${status}`, async () => {
        ({ body: last } = await gateway.call(`/v1/messages/${id}`));
        return last.status === status && last;
      }, { seconds: 120 });
    } catch (error) {
      throw new Error(`${error.message}\n${JSON.stringify(last)}\n${await servers.log()}\n${gateway.output()}`);
    }
  }

  async function assertSuppressed(gateway, to, id) {
    const told = await until(`the hook hears of ${id}`, async () => gateway.told().find(({ data }) => data.messageId === id));
    assert.deepEqual([told.type, told.data.type], ['contact.bounced', 'hard']);
    assert.match(told.data.detail, /5\.1\.1/);
    const { status, body } = await gateway.call('/v1/messages', mail(to, 'Again'));
    assert.deepEqual([status, body.code], [403, 'suppressed']);
    return told;
  }

  const assertNotSuppressed = async (gateway, to) => send(gateway, to);

  it('leaves with STARTTLS and a password, and arrives', async () => {
    await becomes(imap, await send(imap, 'known@here.test'), 'sent');
    await until('the mail is in the mailbox', async () => (await servers.arrivals('known@here.test')).length > 0);
    assert.match(await servers.log(), /sasl_method=PLAIN, sasl_username=gateway@here\.test/);
  });

  it('is not let in with a wrong password, and every one of them is named', async (t) => {
    const gateway = await createGateway({ settings: { ...submission('wrong'), ...mailbox('pop3', servers.pop3s, 'tls', 'wrong') } });
    t.after(() => gateway.remove());
    await assert.rejects(gateway.command('check', 'config', '--connect'), ({ message }) => {
      assert.match(message, /refuses the user or password: check Mail__Smtp__User and Mail__Smtp__Password/);
      assert.match(message, /refuses the user or password: check Mail__BounceMailbox__User and Mail__BounceMailbox__Password/);
      return true;
    });
  });

  it('comes again after greylisting, and harms nobody', async () => {
    const id = await send(imap, 'slow@grey.test');
    await until('the server has put it off', async () => servers.greylist.refused.has('slow@grey.test'));
    await becomes(imap, id, 'sent');
    await assertNotSuppressed(imap, 'slow@grey.test');
  });

  it('to a mailbox that Postfix does not know suppresses it at once', async () => {
    const id = await send(imap, 'nobody@here.test');
    const failed = await becomes(imap, id, 'failed');
    assert.match(failed.error.reason, /550 5\.1\.1/);
    await assertSuppressed(imap, 'nobody@here.test', id);
  });

  it('that is too long fails for its length alone', async () => {
    const failed = await becomes(imap, await send(imap, 'known@here.test', 'x'.repeat(sizeLimit)), 'failed');
    assert.match(failed.error.reason, /5\.3\.4/);
    await assertNotSuppressed(imap, 'known@here.test');
  });

  it('comes back into a mailbox, which IMAP tells at once', async () => {
    const id = await send(imap, 'nobody@elsewhere.test');
    await becomes(imap, id, 'bounced');
    const told = await assertSuppressed(imap, 'nobody@elsewhere.test', id);
    const [cameBack] = await servers.arrivals('bounces@imap.test'); // It stays there, marked as seen.
    assert.ok(Date.parse(told.occurredAt) - cameBack < 10_000, `came back at ${new Date(cameBack)}, known at ${told.occurredAt}`);
  });

  it('comes back into a mailbox that is read by POP3, where what said something is deleted and the rest stays', async () => {
    await becomes(pop3, await send(pop3, 'bounces@pop3.test', 'A mail, no report.'), 'sent');
    await until('the mail is in the mailbox', async () => (await servers.arrivals('bounces@pop3.test')).length === 1);
    const id = await send(pop3, 'nobody@elsewhere.test');
    await becomes(pop3, id, 'bounced');
    await assertSuppressed(pop3, 'nobody@elsewhere.test', id);
    await until('the report is gone', async () => (await servers.arrivals('bounces@pop3.test')).length === 1);
  });

  it('comes back to the gateway itself, by SMTP', async () => {
    const id = await send(imap, 'nobody@by-smtp.test');
    await becomes(imap, id, 'bounced');
    await assertSuppressed(imap, 'nobody@by-smtp.test', id);
    const handedOver = /to=<bounces\+[0-9a-f]{44}@imap\.test>, relay=127\.0\.0\.1.* status=sent \(250 2\.0\.0 Taken\)/;
    await until('Postfix has handed it over', async () => handedOver.test(await servers.log()));
  });

  it('of its own to itself tells a gateway who signs the mails of a domain', async () => {
    const cookie = await signIn(await pop3.command('admin', 'link', '--name', 'ann'));
    const page = async () => (await fetch(`${pop3.url}/admin/sites/${pop3.site}/domains`, { headers: { cookie } })).text();
    assert.match(await page(), /Gateway reads in it who signs your mails/);
    const { status } = await pop3.call('/v1/sender-domains/test', { domain: 'here.test' });
    assert.equal(status, 202);
    await until('the gateway has read it', async () => /signed with <code>[^<]+\._domainkey\.here\.test</.test(await page()));
  });

  it('that came back stands on the overview of the admin pages', async () => {
    await becomes(imap, await send(imap, 'gone@elsewhere.test'), 'bounced');
    const signedIn = await signIn(await imap.command('admin', 'link', '--name', 'ann'));
    await until('the site has a mail that bounced', async () => {
      const page = await (await fetch(`${imap.url}/admin`, { headers: { cookie: signedIn } })).text();
      const row = page.match(/<tr>.*?<\/tr>/gs).find((one) => one.includes(`/admin/sites/${imap.site}"`));
      const [bounced] = [...row.matchAll(/<td class="number">(\d+)<\/td>/g)].map(([, count]) => Number(count)).slice(-2);
      return bounced > 0;
    });
  });

  /** Presses the button of a sign-in link as a browser does, and gives the cookie that it gets. */
  async function signIn({ link }) {
    const cookies = new Map();
    const visit = async (options) => {
      const headers = { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') };
      const response = await fetch(link, { ...options, headers, redirect: 'manual' });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
        cookies.set(name, value);
      }
      return response;
    };
    const form = await (await visit()).text();
    const [, token] = /name="__RequestVerificationToken" value="([^"]+)"/.exec(form);
    const answer = await visit({ method: 'POST', body: new URLSearchParams({ __RequestVerificationToken: token }) });
    assert.equal(answer.status, 303);
    return [...cookies].map((pair) => pair.join('=')).join('; ');
  }
});
