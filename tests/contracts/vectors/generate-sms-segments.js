// Run as a program, this writes sms-segments.json.gz. Nothing in it is random, so a second run changes nothing.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { SegmentedMessage } from 'sms-segments-calculator';

const count = 10_000;
const clusterCount = 300;
// Where one part more begins, in UTF-16 units and in septets, some more often than others; and Twilio's longest text.
const edges = [1, 67, 67, 70, 70, 70, 134, 134, 153, 160, 160, 160, 201, 306];
const longest = 1600;

const words = ['your', 'code', 'is', 'table', 'at', 'Bonjour', 'chambre', 'réservée', 'à', 'Ça', 'où', 'très', 'Grüße', '123456', 'No.',
  'tomorrow'];
const accented = ['ça', 'fenêtre', 'l’hôtel', 'œuf', 'naïf', 'arrivée', 'reçu', '« oui »', 'à bientôt…'];
const basic = [...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà'];
const extended = [...'\f^{}\\[~]|€'];
const outside = [...'\t`´çêâîôûëïœŒÀÊ’‘“”–—…\u00a0\u200b€αЖ中ا'];
const pairs = ['😀', '👍', '🛑', '🎉', '𝒜', '𠜎'];
const clusters = ['e\u0301', 'o\u0302\u0323', '\u1100\u1161\u11a8', '\u0928\u093f', '\u2764\ufe0f', '1\ufe0f\u20e3', '🇫🇷', '👍🏽',
  '👩\u200d👩\u200d👧\u200d👦', '\r\n'];

// Each kind is a list of alphabets; the earlier ones come more often.
const kinds = [[words], [words, basic], [words, extended], [basic, extended], [words, accented], [accented, pairs], [pairs],
  [words, pairs, outside], [outside, clusters], [words, clusters, pairs], [clusters]];

/** Twilio's own count of a text, by `sms-segments-calculator` without smart encoding; and the count by code point where it is another. */
export function segmentVector(text) {
  const { encodingName, segmentsCount: segments } = new SegmentedMessage(text, 'auto', false);
  const vector = { text, encoding: encodingName === 'UCS-2' ? 'ucs2' : 'gsm7', segments };
  const segmentsByCodePoint = countByCodePoint(text, vector.encoding);
  return segmentsByCodePoint === segments ? vector : { ...vector, segmentsByCodePoint };
}

export function segmentVectors() {
  const random = mulberry32(160_153);
  const vectors = { texts: [], clusters: [] };
  const seen = new Set();
  while (vectors.texts.length < count || vectors.clusters.length < clusterCount) {
    const text = compose(random);
    if (seen.has(text)) continue;
    seen.add(text);
    const vector = segmentVector(text);
    const [list, most] = 'segmentsByCodePoint' in vector ? [vectors.clusters, clusterCount] : [vectors.texts, count];
    if (list.length < most) list.push(vector);
  }
  return vectors;
}

/**
 * The networks' rule, which keeps only the two halves of a code point or of an escaped septet together.
 * The calculator also keeps what a reader sees as one character together (a flag, a letter and its accent).
 */
function countByCodePoint(text, encoding) {
  const sizes = [...text].map((point) => (encoding === 'ucs2' ? point.length : 1 + extended.includes(point)));
  const [alone, each] = encoding === 'ucs2' ? [70, 67] : [160, 153];
  if (sizes.reduce((sum, size) => sum + size, 0) <= alone) return 1;
  let [parts, left] = [1, each];
  for (const size of sizes) {
    if (left < size) [parts, left] = [parts + 1, each];
    left -= size;
  }
  return parts;
}

/** A text of one kind, most often within three units of an edge. */
function compose(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const kind = pick(kinds);
  let length = random() < 0.7 ? Math.max(0, pick(edges) + Math.floor(random() * 7) - 3) : Math.floor(random() * 120);
  if (random() < 0.005) length = longest;
  const spaced = random() < 0.7 ? ' ' : '';
  let text = '';
  while (text.length < length) {
    const piece = pick(kind[Math.floor(random() ** 2 * kind.length)]);
    // Fill up with single letters, or no text would end just at the edge.
    text += text.length + piece.length + 1 > length ? 'x' : piece + (piece.length > 1 ? spaced : '');
  }
  return text;
}

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('sms-segments.json.gz', import.meta.url), gzipSync(JSON.stringify(segmentVectors()), { level: 9 }));
}
