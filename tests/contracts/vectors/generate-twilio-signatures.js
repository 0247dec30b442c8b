// Run as a program, this writes twilio-signatures.json, as Twilio's own package signs. A second run changes nothing.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import webhooks from 'twilio/lib/webhooks/webhooks.js';

const token = '12345';
const url = 'https://gateway.example/sms/twilio/status?id=sms_1';
const status = {
  AccountSid: ['AC0123456789abcdef0123456789abcdef'], ApiVersion: ['2010-04-01'], From: ['+15005550006'],
    MessageSid: ['SM0123456789abcdef0123456789abcdef'],
  MessageStatus: ['delivered'], SmsSid: ['SM0123456789abcdef0123456789abcdef'], SmsStatus: ['delivered'], To: ['+33612345678'],
};
const inbound = { AccountSid: status.AccountSid, Body: ['STOP'], From: status.To, OptOutType: ['STOP'], To: status.From };

const requests = {
  'published by Twilio': {
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    params: { CallSid: ['CA1234567890ABCDE'], Caller: ['+14158675309'], Digits: ['1234'], From: ['+14158675309'], To: ['+18005551212'] },
  },
  'status callback': { params: status },
  'status callback with an error': { params: { ...status, MessageStatus: ['undelivered'], ErrorCode: ['30003'] } },
  'inbound message': { params: inbound },
  'no parameters': { params: {} },
  'no parameters and no query': { url: 'https://gateway.example/sms/twilio/status', params: {} },
  'an empty value': { params: { ...inbound, Body: [''] } },
  'only empty values': { params: { Body: [''], From: [''] } },
  'accents': { params: { ...inbound, Body: ['Ça va, Zoë ? À bientôt…'] } },
  'accents, decomposed': { params: { ...inbound, Body: ['Zoë'.normalize('NFD')] } },
  'emoji': { params: { ...inbound, Body: ['👍🏽 👩‍👩‍👧‍👦 🇫🇷'] } },
  'Arabic and Chinese': { params: { ...inbound, Body: ['مرحبا 北京'] } },
  'line breaks, tab and spaces at both ends': { params: { ...inbound, Body: [' a\r\nb\n\tc '] } },
  'what a form must escape': { params: { ...inbound, Body: ['50% + 1 = 2 & more; a=b "c" <d> \'e\' ~*()!'] } },
  'a name that a form must escape': { params: { 'a b&c': ['1'], 'é': ['2'] } },
  'names sorted by code unit, capitals first': { params: { b: ['1'], B: ['2'], a: ['3'], A: ['4'], _: ['5'], a1: ['6'], a10: ['7'],
    a2: ['8'], 'ä': ['9'] } },
  'a name repeated': { params: { ...inbound, MediaUrl: ['https://b.example/2', 'https://a.example/1'] } },
  'a name repeated with the same value': { params: { ...inbound, Tag: ['x', 'x', 'a'] } },
  'another port': { url: 'https://gateway.example:8443/sms/twilio/status?id=sms_1', params: status },
  'the usual port, written': { url: 'https://gateway.example:443/sms/twilio/status?id=sms_1', params: status },
  'http on loopback': { url: 'http://127.0.0.1:5000/sms/twilio/status?id=sms_1', params: status },
  'an IPv6 address': { url: 'http://[::1]:5000/sms/twilio/status', params: status },
  'capitals in the host': { url: 'https://Gateway.Example/sms/twilio/status', params: status },
  'a slash at the end': { url: 'https://gateway.example/sms/twilio/status/', params: status },
  'a question mark at the end': { url: 'https://gateway.example/sms/twilio/status?', params: status },
  'an escaped query': { url: 'https://gateway.example/sms/twilio/status?id=sms%201&x=%C3%A9&y=a%2Bb', params: status },
  'a repeated key in the query': { url: 'https://gateway.example/sms/twilio/status?id=1&id=2&empty=', params: status },
  'a path below a prefix': { url: 'https://hotel.example/tools/gateway/sms/twilio/status?id=sms_1', params: status },
  'a token with signs': { token: 'tökén/+= 1', params: status },
  'an empty token': { token: '', params: status },
};

/** `params` maps each name to its values: a repeated name is signed with its values sorted, each once. */
export function signatureVectors() {
  const signed = Object.entries(requests).map(([name, request]) => sign({ name, token, url, ...request }));
  const base = signed.find(({ name }) => name === 'status callback');
  const judged = (name, valid, changes) => ({ ...base, ...changes, name, valid });
  const signedAt = (other) => sign({ ...base, url: other }).signature;
  const received = [
    judged('as it was sent', true, {}),
    judged('signed with the port, seen without', true, { signature: signedAt(url.replace('.example', '.example:443')) }),
    judged('signed without the port, seen with it', true, { url: url.replace('.example', '.example:443') }),
    judged('signed without another port, seen with it', true, { url: url.replace('.example', '.example:8443') }),
    judged('http: signed with the port, seen without', true,
      { url: url.replace('https:', 'http:'), signature: signedAt(url.replace('https:', 'http:').replace('.example', '.example:80')) }),
    judged('another token', false, { token: '54321' }),
    judged('another host', false, { url: url.replace('gateway', 'other') }),
    judged('http instead of https', false, { url: url.replace('https:', 'http:') }),
    judged('another id in the query', false, { url: url.replace('sms_1', 'sms_2') }),
    judged('another status', false, { params: { ...base.params, MessageStatus: ['failed'] } }),
    judged('a parameter more', false, { params: { ...base.params, ErrorCode: ['30003'] } }),
    judged('a parameter less', false, { params: without(base.params, 'To') }),
    judged('an empty parameter more', false, { params: { ...base.params, ErrorCode: [''] } }),
    judged('a signature cut short', false, { signature: base.signature.slice(0, -2) }),
    judged('a signature in small letters', false, { signature: base.signature.toLowerCase() }),
    judged('a signature of spaces', false, { signature: '    ' }),
    judged('no signature', false, { signature: '' }),
  ];
  return { signed, received };
}

const without = (params, name) => Object.fromEntries(Object.entries(params).filter(([key]) => key !== name));

function sign(request) {
  return { ...request, signature: webhooks.getExpectedTwilioSignature(request.token, request.url, request.params) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Escaped to ASCII, so that no editor composes an accent.
  const json = JSON.stringify(signatureVectors(), null, 1).replace(/[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  writeFileSync(new URL('twilio-signatures.json', import.meta.url), `${json}\n`);
}
