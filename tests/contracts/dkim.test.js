// What the gateway signs goes over SMTP, and mailauth, which is nobody's of ours, verifies it byte by byte.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { createGateway } from '../wordpress/lib/gateway.js';
import { until } from '../wordpress/lib/process.js';

/** A mail server that keeps what it is given, as it came. */
async function startSink() {
  const mails = [];
  const server = createServer((socket) => {
    let text = '', mail = null;
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.write('220 sink.test ESMTP\r\n');
    socket.on('data', (chunk) => {
      text += chunk;
      for (let end; (end = text.indexOf('\r\n')) >= 0; text = text.slice(end + 2)) {
        const line = text.slice(0, end);
        if (mail !== null && line === '.') {
          mails.push(Buffer.from(mail, 'latin1'));
          mail = null;
          socket.write('250 2.0.0 kept\r\n');
        } else if (mail !== null) {
          mail += `${line.startsWith('.') ? line.slice(1) : line}\r\n`;
        } else if (/^DATA$/i.test(line)) {
          mail = '';
          socket.write('354 go ahead\r\n');
        } else if (/^EHLO/i.test(line)) {
          socket.write('250-sink.test\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n');
        } else if (/^QUIT/i.test(line)) {
          socket.end('221 2.0.0 bye\r\n');
        } else {
          socket.write('250 2.0.0 Ok\r\n');
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, mails, close: () => server.close() };
}

describe('The gateway signs mails', () => {
  let sink, gateway, token, records;

  before(async () => {
    sink = await startSink();
    gateway = await createGateway({ mail: sink, settings: { Mail__From: 'news@shop.test' } });
    const made = await gateway.command('domain', 'key', 'shop.test', '--kind', 'both');
    records = new Map(made.records.map(({ name, value }) => [name, value]));
    await gateway.command('domain', 'key', 'shop.test', '--sign', '--force');
    await gateway.start();
    const site = await gateway.command('site', 'add', 'Café 山田');
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: site.clientId, client_secret: site.clientSecret });
    token = (await (await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body })).json()).access_token;
  });
  after(async () => {
    await gateway?.remove();
    sink?.close();
  });

  /** The DNS, with the records that the gateway asked to publish. */
  const resolver = async (name, type) => {
    if (type === 'TXT' && records.has(name)) return [[records.get(name)]];
    throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  };

  async function sent(to, subject, text) {
    const count = sink.mails.length;
    const answer = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ to, template: 'plain', variables: { subject, body: text } }),
    });
    assert.equal(answer.status, 202, await answer.text());
    await until('the mail arrives', async () => sink.mails.length > count);
    return sink.mails.at(-1);
  }

  for (const [what, to, subject, text] of [
    ['a plain mail', 'ada@example.org', 'Your order', 'Hello Ada,\n\nit is on its way.'],
    [
      'letters of many scripts, long lines and dots', 'ada@example.org', `Ваш заказ – 山田 ${'é'.repeat(120)}`,
      `.\n..\n${'x'.repeat(2000)}\n  \nÀ bientôt  \n\n`,
    ],
    ['an address beyond ASCII', 'jürgen@bücher.example', 'Größe', 'Grüße'],
  ]) {
    it(`so that both signatures of ${what} verify`, async () => {
      const { results } = await dkimVerify(await sent(to, subject, text), { resolver });
      assert.deepEqual(
        results.map(({ status, signingDomain, algo }) => [status.result, signingDomain, algo]).sort(),
        [['pass', 'shop.test', 'ed25519-sha256'], ['pass', 'shop.test', 'rsa-sha256']],
      );
    });
  }

  it('so that a changed word or an added header breaks them', async () => {
    const mail = (await sent('ada@example.org', 'Your order', 'It is on its way.')).toString('latin1');
    const forgeries = [
      mail.replace('on its way', 'in the wrong way'), `From: boss@bank.test\r\n${mail}`, `Subject: Pay now\r\n${mail}`,
    ];
    for (const forged of forgeries) {
      const { results } = await dkimVerify(Buffer.from(forged, 'latin1'), { resolver });
      assert.ok(results.length === 2 && results.every(({ status }) => status.result !== 'pass'));
    }
  });
});
