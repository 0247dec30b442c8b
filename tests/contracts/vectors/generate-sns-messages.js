// Writes sns-messages.json: messages of Amazon SNS, signed as Amazon does, and forged ones. The key is thrown away, so each run makes
// others.
import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const host = 'sns.vectors-1.amazonaws.com';
const topic = 'arn:aws:sns:eu-west-1:123456789012:gateway';

// Amazon's guide "Verifying the signatures of Amazon SNS messages".
const signedKeys = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};
const hashes = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' };

export function snsMessages() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  function message(type, version, members = {}, key = privateKey) {
    const body = {
      Type: type,
      MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
      TopicArn: topic,
      Message: 'Your order',
      Timestamp: '2026-11-29T09:00:00.000Z',
      SignatureVersion: version,
      SigningCertURL: `https://${host}/SimpleNotificationService-0123.pem`,
      ...(type === 'SubscriptionConfirmation' && {
        Token: '2336412f37', SubscribeURL: `https://${host}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2336412f37`,
      }),
      ...members,
    };
    const signer = createSign(hashes[version] ?? 'RSA-SHA256');
    for (const name of signedKeys[type]) if (name in body) signer.update(`${name}\n${body[name]}\n`);
    return { ...body, Signature: signer.sign(key, 'base64') };
  }
  const genuine = (name, ...made) => ({ name, valid: true, body: message(...made) });
  const forged = (name, changes, body = message('Notification', '2')) => ({ name, valid: false, body: { ...body, ...changes } });
  const without = (body, member) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
  const subscription = message('SubscriptionConfirmation', '2');

  return {
    host,
    certificate: certify(privateKey),
    messages: [
      genuine('a notification, version 1', 'Notification', '1'),
      genuine('a notification, version 2', 'Notification', '2'),
      genuine('a subject', 'Notification', '2', { Subject: 'Amazon SES Email Event Notification' }),
      genuine('letters of many scripts', 'Notification', '2', { Message: 'Größe – Ваш заказ 山田 👍' }),
      genuine('lines in the message', 'Notification', '1', { Message: 'Message\nYour order\nType\nNotification\n' }),
      genuine('a confirmation of the subscription, version 1', 'SubscriptionConfirmation', '1'),
      genuine('a confirmation of the subscription, version 2', 'SubscriptionConfirmation', '2'),
      forged('another message', { Message: 'Your orders' }),
      forged('another time', { Timestamp: '2026-11-29T09:00:01.000Z' }),
      forged('another id', { MessageId: '265545c9-2a5c-472c-8df2-7ff2be2b3b1b' }),
      forged('a subject that was not signed', { Subject: 'Hello' }),
      forged('a subject that was taken away', {}, without(message('Notification', '2', { Subject: 'Hello' }), 'Subject')),
      forged('the key of somebody else', {}, message('Notification', '2', {}, stranger)),
      forged('version 2 that says it is 1', { SignatureVersion: '1' }),
      forged('version 1 that says it is 2', { SignatureVersion: '2' }, message('Notification', '1')),
      forged('a version that there is not', {}, message('Notification', '3')),
      forged('no signature', { Signature: '' }),
      forged('a signature cut short', { Signature: message('Notification', '2').Signature.slice(0, -8) }),
      forged('no word of a signature', {}, without(message('Notification', '2'), 'Signature')),
      ...[`http://${host}/a.pem`, `https://${host}.evil.example/a.pem`, 'https://sns.evil.example/a.pem', `https://x${host}/a.pem`,
        `https://${host}/a.txt`, 'https://evil.example/sns.eu-west-1.amazonaws.com/a.pem'].map((url) =>
        forged(`a certificate at ${url}`, {}, message('Notification', '2', { SigningCertURL: url }))),
      forged('another address to confirm at', { SubscribeURL: `https://${host}/?Action=ConfirmSubscription&Token=other` }, subscription),
      forged('another token', { Token: 'other' }, subscription),
      forged('no token', {}, without(subscription, 'Token')),
      forged('a confirmation that says it is a notification', { Type: 'Notification' }, subscription),
    ],
  };
}

/** A certificate that outlives the tests. */
function certify(key) {
  const folder = mkdtempSync(join(tmpdir(), 'sns-'));
  try {
    const file = join(folder, 'key.pem');
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }));
    return execFileSync('openssl', ['req', '-x509', '-new', '-key', file, '-days', '36500', '-subj', '/CN=sns.amazonaws.com'], {
      encoding: 'utf8',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('sns-messages.json', import.meta.url), `${JSON.stringify(snsMessages(), null, 1)}\n`);
}
