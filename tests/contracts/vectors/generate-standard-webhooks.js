// Writes standard-webhooks.json. Nothing in it is random, so a second run changes nothing.
import { createHash, createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const bytes = (seed, length) => createHash('sha512').update(seed).digest().subarray(0, length);
const secrets = [24, 32, 64].map((length) => `whsec_${bytes(`secret of ${length}`, length).toString('base64')}`);

function sign({ secret, id, timestamp, body }) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64')}`;
}

const bodies = {
  'empty': '',
  'one space': ' ',
  'one newline': '\n',
  'empty object': '{}',
  'spaces inside JSON': '{ "b" : 1,  "a" : 2 }',
  'trailing newline': '{"a":1}\n',
  'carriage returns': '{\r\n  "a": 1\r\n}\r\n',
  'tabs and a quote': '{\t"name":\t"Ann O\'Brien"}',
  'escaped unicode': '{"name":"Zo\\u00eb"}',
  'accents, composed': '{"name":"Zoë Müller"}',
  'accents, decomposed': '{"name":"Zoë Müller"}'.normalize('NFD'),
  'Greek, Cyrillic and Chinese': '{"name":"Αθήνα Москва 北京"}',
  'right to left': '{"name":"שלום مرحبا"}',
  'emoji': '{"text":"👍🏽 👩‍👩‍👧‍👦 🇫🇷"}',
  'outside the basic plane': '{"text":"𝒜𠜎"}',
  'line and paragraph separators': '{"text":"a\u2028b\u2029c"}',
  'byte order mark': '\ufeff{"a":1}',
  'NUL': '{"text":"a\u0000b"}',
  'dots': '...',
  'percent and plus': 'email=ann%40example.org&name=Ann+O%27Brien+50%25',
  'HTML': '<p class="x">1 &lt; 2 &amp; 3</p>',
  'backslashes': '{"path":"C:\\\\temp\\\\"}',
  'large number': '{"id":1152921504606846977}',
  'large': JSON.stringify({ text: 'Grüße 👋 '.repeat(2000) }),
};

const published = {
  name: 'published',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1614265330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const generated = Object.entries(bodies).map(([name, body], index) => {
  const vector = { name, secret: secrets[index % secrets.length], id: `msg_${bytes(name, 9).toString('hex')}`,
    timestamp: 1700000000 + index * 86401, body };
  return { ...vector, signature: sign(vector) };
});

// What a receiver must take or refuse when its clock shows `now`.
const base = generated.find(({ name }) => name === 'empty object');
const other = sign({ ...base, secret: secrets.find((secret) => secret !== base.secret) });
const judged = (name, valid, changes = {}) => ({ ...base, now: base.timestamp, ...changes, name, valid });
const received = [
  judged('as it was sent', true),
  judged('300 seconds old', true, { now: base.timestamp + 300 }),
  judged('300 seconds early', true, { now: base.timestamp - 300 }),
  judged('the second of two signatures fits', true, { signature: `${other} ${base.signature}` }),
  judged('the first of two signatures fits', true, { signature: `${base.signature} ${other}` }),
  judged('an unknown version stands beside it', true, { signature: `v1a,${base.signature.slice(3)} ${base.signature}` }),
  judged('301 seconds old', false, { now: base.timestamp + 301 }),
  judged('301 seconds early', false, { now: base.timestamp - 301 }),
  judged('other secret', false, { signature: other }),
  judged('only an unknown version', false, { signature: `v2,${base.signature.slice(3)}` }),
  judged('signature without its version', false, { signature: base.signature.slice(3) }),
  judged('signature cut short', false, { signature: base.signature.slice(0, -4) }),
  judged('no signature', false, { signature: '' }),
  judged('a space more in the body', false, { body: `${base.body} ` }),
  judged('other id', false, { id: `${base.id}0` }),
  judged('time moved by a second', false, { timestamp: base.timestamp + 1 }),
];

// Escaped to ASCII, so that no editor composes an accent or drops a byte order mark.
const json = JSON.stringify({ signed: [published, ...generated], received }, null, 2)
  .replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
writeFileSync(new URL('standard-webhooks.json', import.meta.url), `${json}\n`);
