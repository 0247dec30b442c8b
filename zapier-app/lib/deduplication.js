import { createHash } from 'node:crypto';
import { errors } from 'zapier-platform-core';

const LONGEST = 100;
const hash = (text) => createHash('sha256').update(text).digest('hex');

export const deduplicationKey = {
  key: 'deduplication_key',
  label: 'Deduplication Key',
  required: true,
  helpText:
    'Map the **ID of the trigger** of this Zap here, or another value that is new for each event ' +
    'and stays the same when the run is replayed. ' +
    'The gateway sends once for each key and content, so a replayed run sends nothing twice.',
};

/**
 * What becomes the gateway's Idempotency-Key: the key of the Zap's author, then what is sent. The second half lets two steps share one
 * trigger's id, and repeats itself in a replay. The gateway takes 100 printable ASCII characters; of a key that does not fit, its hash
 * stands for it.
 */
export function idempotencyKey(key, content) {
  const own = String(key ?? '').trim();
  if (!own) {
    throw new errors.Error(
      'The Deduplication Key is empty. Map the ID of the trigger to it; without it a replayed run would send again.',
      'invalid_request',
      400,
    );
  }
  const of = hash(JSON.stringify(content)).slice(0, 16);
  const fits = /^[\x20-\x7e]+$/.test(own) && own.length + 1 + of.length <= LONGEST;
  return `${fits ? own : hash(own)}:${of}`;
}
