// Seeds: the random streams of a layer under another seed, as Python hashes them.  seed, layer, purpose -> BLAKE2b -> 64 bits
//
// RFC 7693 with a digest of 8 bytes and no key. Runs anywhere; a worklet has no TextEncoder.

const MASK = (1n << 64n) - 1n;
const IV = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const COLUMNS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];
const ROUNDS = 12;
const BLOCK = 128;
const DIGEST = 8;
const LARGEST_SEED = 1n << 63n;

/**
 * The seed of one random stream.
 * @param {number | bigint | string} seed a whole number of at most 63 bits @param {...string} purpose
 * @returns {bigint} 64 bits
 */
export function seedOf(seed, ...purpose) {
  return hashed(utf8([String(checkedSeed(seed)), ...purpose].join("/")));
}

/** @param {number | bigint | string} seed @returns {bigint} */
export function checkedSeed(seed) {
  let whole;
  try {
    whole = BigInt(seed);
  } catch {
    throw new Error(`seed = ${seed}; it must be a whole number of at most 63 bits`);
  }
  if (whole <= -LARGEST_SEED || whole >= LARGEST_SEED)
    throw new Error(`seed = ${seed}; it must be a whole number of at most 63 bits`);
  return whole;
}

/** @param {string} text */
const utf8 = (text) => Uint8Array.from(unescape(encodeURIComponent(text)), (letter) => letter.charCodeAt(0));

/** BLAKE2b of 8 bytes, as a little-endian number. @param {Uint8Array} bytes */
export function hashed(bytes) {
  const h = IV.slice();
  h[0] ^= 0x01010000n ^ BigInt(DIGEST);
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK));
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * BLOCK, (block + 1) * BLOCK);
    compress(h, part, BigInt(block * BLOCK + part.length), block === blocks - 1);
  }
  return h[0];
}

/** @param {bigint[]} h @param {Uint8Array} part @param {bigint} count @param {boolean} isLast */
function compress(h, part, count, isLast) {
  const m = Array.from({ length: 16 }, (_, n) => wordAt(part, 8 * n));
  const v = [...h, ...IV];
  v[12] ^= count;
  if (isLast) v[14] ^= MASK;
  for (let round = 0; round < ROUNDS; round++) {
    const s = SIGMA[round % SIGMA.length];
    COLUMNS.forEach((column, n) => mix(v, column, m[s[2 * n]], m[s[2 * n + 1]]));
  }
  for (let n = 0; n < 8; n++) h[n] ^= v[n] ^ v[n + 8];
}

/** @param {Uint8Array} bytes @param {number} at */
function wordAt(bytes, at) {
  let word = 0n;
  for (let n = 7; n >= 0; n--) word = (word << 8n) | BigInt(bytes[at + n] ?? 0);
  return word;
}

/** @param {bigint} word @param {bigint} bits */
const turned = (word, bits) => ((word >> bits) | (word << (64n - bits))) & MASK;

/** @param {bigint[]} v @param {number[]} column @param {bigint} x @param {bigint} y */
function mix(v, [a, b, c, d], x, y) {
  v[a] = (v[a] + v[b] + x) & MASK;
  v[d] = turned(v[d] ^ v[a], 32n);
  v[c] = (v[c] + v[d]) & MASK;
  v[b] = turned(v[b] ^ v[c], 24n);
  v[a] = (v[a] + v[b] + y) & MASK;
  v[d] = turned(v[d] ^ v[a], 16n);
  v[c] = (v[c] + v[d]) & MASK;
  v[b] = turned(v[b] ^ v[c], 63n);
}
