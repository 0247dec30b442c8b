import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it, mock } from 'node:test';
import { Webhook } from 'standardwebhooks';

const { signed, received } = JSON.parse(readFileSync(new URL('vectors/standard-webhooks.json', import.meta.url)));

describe('Standard Webhooks vectors, judged by standardwebhooks', () => {
  afterEach(() => mock.timers.reset());

  function verify({ secret, id, timestamp, body, signature, now = timestamp }) {
    // The library reads the clock; the vectors are older than its five minutes.
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: now * 1000 });
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
    new Webhook(secret).verify(body, headers, { jsonParse: false });
  }

  it('holds the published vector, every length of secret and many bodies', () => {
    assert.equal(signed[0].signature, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    assert.ok(signed.length > 20);
    const lengths = signed.map(({ secret }) => Buffer.from(secret.replace('whsec_', ''), 'base64').length);
    assert.deepEqual([...new Set(lengths)].sort(), [24, 32, 64]);
    assert.equal(new Set(signed.map(({ body }) => body)).size, signed.length);
  });

  for (const vector of signed) {
    it(`signs and verifies: ${vector.name}`, () => {
      const { secret, id, timestamp, body, signature } = vector;
      assert.equal(new Webhook(secret).sign(id, new Date(timestamp * 1000), body), signature);
      verify(vector);
      assert.throws(() => verify({ ...vector, body: `${body}x` }), /No matching signature/);
    });
  }

  for (const vector of received) {
    it(`${vector.valid ? 'takes' : 'refuses'}: ${vector.name}`, () => {
      if (vector.valid) verify(vector);
      else assert.throws(() => verify(vector), { name: 'WebhookVerificationError' });
    });
  }
});
