import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { Readable } from 'node:stream';
import { describe, it, mock } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { SegmentedMessage } from 'sms-segments-calculator';
import SnsValidator from 'sns-validator';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { segmentVector, segmentVectors } from './vectors/generate-sms-segments.js';
import { snsMessages } from './vectors/generate-sns-messages.js';
import { signatureVectors } from './vectors/generate-twilio-signatures.js';

const committed = (name) => readFileSync(new URL(`vectors/${name}`, import.meta.url));

describe('SMS segments, counted by sms-segments-calculator', () => {
  const { texts, clusters } = JSON.parse(gunzipSync(committed('sms-segments.json.gz')));

  it('are still what the calculator says', () => {
    const each = 10;
    for (const vectors of [texts, clusters]) {
      for (const vector of vectors.filter((_, at) => at % each === 0)) assert.deepEqual(vector, segmentVector(vector.text));
    }
  });

  // The calculator needs a minute or more for all of them.
  if (process.env.GATEWAY_FULL) {
    it('are all what the generator writes', () => {
      assert.deepEqual({ texts, clusters }, segmentVectors());
    });
  }

  it('cover both encodings at every edge', () => {
    assert.ok(texts.length >= 10_000);
    assert.equal(new Set(texts.map(({ text }) => text)).size, texts.length);
    for (const [encoding, lengths] of Object.entries({ gsm7: [160, 161, 306, 307], ucs2: [70, 71, 134, 135] })) {
      for (const length of lengths) {
        assert.ok(texts.some((one) => one.encoding === encoding && one.text.length === length), `${encoding} ${length}`);
      }
    }
  });

  it('differ from a count by code point only where one character is several', () => {
    assert.equal(clusters.length, 300);
    for (const { encoding, segments, segmentsByCodePoint } of clusters) assert.ok(encoding === 'ucs2' && segments > segmentsByCodePoint);
  });

  const facts = [['x'.repeat(160), 'GSM-7', 1], ['x'.repeat(161), 'GSM-7', 2], ['x'.repeat(306), 'GSM-7', 2], ['x'.repeat(307), 'GSM-7', 3],
    ['€'.repeat(80), 'GSM-7', 1], [`${'x'.repeat(152)}€${'x'.repeat(152)}`, 'GSM-7', 3],
    [`${'x'.repeat(151)}€${'x'.repeat(153)}`, 'GSM-7', 2],
    ['éèàùÇ', 'GSM-7', 1], ['ç', 'UCS-2', 1], ['’'.repeat(71), 'UCS-2', 2], ['😀'.repeat(35), 'UCS-2', 1], ['😀'.repeat(66), 'UCS-2', 2],
    ['😀'.repeat(67), 'UCS-2', 3]];
  for (const [text, encoding, segments] of facts) {
    it(`${text.length} units of ${text.slice(0, 2)}… are ${segments} in ${encoding}`, () => {
      const counted = new SegmentedMessage(text, 'auto', false);
      assert.deepEqual([counted.encodingName, counted.segmentsCount], [encoding, segments]);
    });
  }
});

describe('Twilio signatures, made and judged by twilio', () => {
  const { signed, received } = JSON.parse(committed('twilio-signatures.json'));
  const validate = ({ token, signature, url, params }) => validateRequest(token, signature, url, params);

  it('are still what Twilio’s package makes, the published one among them', () => {
    assert.deepEqual({ signed, received }, signatureVectors());
    assert.equal(signed[0].signature, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=');
    assert.equal(new Set(signed.map(({ signature }) => signature)).size, signed.length);
  });

  for (const vector of signed) {
    it(`signs: ${vector.name}`, () => assert.ok(validate(vector) && !validate({ ...vector, token: `${vector.token}x` })));
  }
  for (const vector of received) {
    it(`${vector.valid ? 'takes' : 'refuses'}: ${vector.name}`, () => assert.equal(validate(vector), vector.valid));
  }
});

describe('Messages of Amazon SNS, judged by sns-validator', () => {
  const sns = JSON.parse(committed('sns-messages.json'));

  /** What the validator says; Amazon's certificate is the one of the vectors. */
  async function validates({ host, certificate }, body) {
    const validator = new SnsValidator();
    mock.method(https, 'get', (url, answer) => {
      assert.equal(new URL(url).host, host);
      const response = Object.assign(Readable.from([certificate]), { statusCode: 200 });
      answer(response);
      return response;
    });
    try {
      await promisify(validator.validate.bind(validator))({ ...body });
      return true;
    } catch (error) {
      if (error.code === 'ERR_ASSERTION') throw error;
      return false;
    } finally {
      mock.restoreAll();
    }
  }

  for (const { name, valid, body } of sns.messages) {
    it(`${valid ? 'takes' : 'refuses'}: ${name}`, async () => assert.equal(await validates(sns, body), valid));
  }

  it('are made anew as they were judged', () => {
    const fresh = snsMessages();
    const names = ({ messages }) => messages.map(({ name, valid }) => [name, valid]);
    assert.deepEqual(names(fresh), names(sns));
  });
});
