import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { idempotencyKey } from '../lib/deduplication.js';

const content = ['+33612345678', 'Hello'];

test('the key is followed by 16 hex digits of what is sent', () => {
  const digits = createHash('sha256').update('["+33612345678","Hello"]').digest('hex').slice(0, 16);
  assert.equal(idempotencyKey('evt_1', content), `evt_1:${digits}`);
  assert.equal(idempotencyKey(' evt_1 ', content), `evt_1:${digits}`);
});

test('a replay repeats the key; another recipient, text or event does not', () => {
  const keys = [
    idempotencyKey('evt_1', content),
    idempotencyKey('evt_2', content),
    idempotencyKey('evt_1', ['+33612345679', 'Hello']),
    idempotencyKey('evt_1', ['+33612345678', 'Hello!']),
    idempotencyKey('evt_1', ['+33612345678Hello', '']),
  ];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(idempotencyKey('evt_1', content), keys[0]);
  assert.equal(idempotencyKey(42, content), idempotencyKey('42', content));
});

test('a key that is too long, or not ASCII, is replaced by its hash', () => {
  const longest = 'k'.repeat(83);
  assert.equal(idempotencyKey(longest, content).length, 100);
  assert.ok(idempotencyKey(longest, content).startsWith(`${longest}:`));
  for (const key of ['k'.repeat(84), 'k'.repeat(5000), 'commande n° 7', 'заказ', 'a\nb', '🎉']) {
    assert.match(idempotencyKey(key, content), /^[0-9a-f]{64}:[0-9a-f]{16}$/, key);
  }
  assert.notEqual(idempotencyKey('k'.repeat(84), content), idempotencyKey('k'.repeat(85), content));
});

test('nothing is sent without a key', () => {
  for (const key of [undefined, null, '', '  ']) assert.throws(() => idempotencyKey(key, content), /Deduplication Key is empty/);
});
