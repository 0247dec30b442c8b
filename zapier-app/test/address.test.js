import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayAddress, hostOf } from '../lib/address.js';

const says = (typed, words) => assert.throws(() => gatewayAddress(typed), words, String(typed));

test('an address is brought into its plain form', () => {
  const plain = 'https://gateway.example.org';
  for (const typed of [
    plain,
    `${plain}/`,
    ` ${plain}\n`,
    `${plain}/docs?x=1#top`,
    'gateway.example.org',
    'GATEWAY.Example.org/v1/me',
    'https://gateway.example.org:443',
  ]) {
    assert.equal(gatewayAddress(typed), plain, typed);
  }
  assert.equal(gatewayAddress('gateway.example.org:8443'), 'https://gateway.example.org:8443');
});

test('plain http is for one’s own machine only', () => {
  assert.equal(gatewayAddress('http://localhost:5080/docs'), 'http://localhost:5080');
  assert.equal(gatewayAddress('http://127.0.0.1:5080'), 'http://127.0.0.1:5080');
  for (const typed of ['http://gateway.example.org', 'http://localhost.example.org', 'http://127.0.0.1.example.org', 'ftp://localhost']) {
    says(typed, /begins with https:\/\//);
  }
});

test('what is no address is said in a sentence', () => {
  for (const typed of [undefined, null, '', '  ']) says(typed, /address is missing/);
  for (const typed of ['not an address', 'https://', 'javascript:alert(1)', 'https://exa mple.org', '::'])
    says(typed, /is not the address of a gateway/);
  for (const typed of ['https://ann:secret@gateway.example.org', 'https://gateway.example.org@evil.example'])
    says(typed, /holds no name or password/);
});

test('a connection is named after the server', () => {
  assert.equal(hostOf('https://gateway.example.org/docs'), 'gateway.example.org');
  assert.equal(hostOf('http://localhost:5080'), 'localhost:5080');
});
