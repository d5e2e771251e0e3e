/** Huffman codes made for what is to be coded (T.81, annex K.2), and bits put into bytes. */

import { type Bytes, concatenated } from "../photo/bytes.ts";
import { DHT, segmentBytes } from "./segments.ts";

const LONGEST = 16; // bits of a code in a JPEG
const SYMBOLS = 256;

/** How often each symbol occurs: what a table is made of. */
export type Counts = Uint32Array;

export function noCounts(): Counts {
  return new Uint32Array(SYMBOLS);
}

/** Codes by symbol, and the two lists that a DHT segment holds. */
export interface HuffmanTable {
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
  readonly perLength: Uint8Array; // how many codes of 1…16 bits
  readonly symbols: Uint8Array; // by length, then by symbol
}

/** The shortest codes of at most 16 bits, none of them all ones. */
export function huffmanTable(counts: Counts): HuffmanTable {
  const sizes = codeSizes(counts);
  const perLength = limited(sizes);
  const present = Array.from({ length: SYMBOLS }, (_, symbol) => symbol).filter(
    (symbol) => sizes[symbol] > 0,
  );
  const symbols = Uint8Array.from(
    present.sort((one, other) => sizes[one] - sizes[other] || one - other),
  );
  const [codes, lengths] = [new Uint16Array(SYMBOLS), new Uint8Array(SYMBOLS)];
  for (let length = 1, code = 0, next = 0; length <= LONGEST; length++, code <<= 1) {
    for (let i = 0; i < perLength[length - 1]; i++, code++, next++) {
      codes[symbols[next]] = code;
      lengths[symbols[next]] = length;
    }
  }
  return { codes, lengths, perLength, symbols };
}

/** `kind` 0 is DC, 1 is AC. */
export function huffmanSegment(table: HuffmanTable, kind: 0 | 1, slot: number): Bytes {
  const head = Uint8Array.of((kind << 4) | slot);
  return segmentBytes(DHT, concatenated(head, table.perLength, table.symbols));
}

/** Code lengths of symbols 0…255, before any limit; symbol 256 keeps the code of all ones free. */
function codeSizes(counts: Counts): number[] {
  const weights = [...counts, 1];
  const sizes = Array<number>(weights.length).fill(0);
  let groups = weights
    .map((weight, symbol) => ({ weight, members: [symbol] }))
    .filter(({ weight }) => weight > 0);
  while (groups.length > 1) {
    groups.sort(
      (one, other) =>
        one.weight - other.weight || Math.max(...other.members) - Math.max(...one.members),
    );
    const [least, second, ...others] = groups;
    const members = [...least.members, ...second.members];
    for (const symbol of members) sizes[symbol]++;
    groups = [...others, { weight: least.weight + second.weight, members }];
  }
  return sizes;
}

/** How many codes of each length 1…16: longer ones shortened, the reserved one taken away. */
function limited(sizes: readonly number[]): Uint8Array {
  const per = Array<number>(Math.max(LONGEST, ...sizes) + 1).fill(0);
  for (const size of sizes) if (size > 0) per[size]++;
  for (let length = per.length - 1; length > LONGEST; length--) {
    while (per[length] > 0) {
      let shorter = length - 2;
      while (per[shorter] === 0) shorter--;
      per[length] -= 2;
      per[length - 1]++;
      per[shorter + 1] += 2;
      per[shorter]--;
    }
  }
  let longest = LONGEST;
  while (longest > 0 && per[longest] === 0) longest--;
  per[longest]--; // the reserved symbol has one of the longest
  return Uint8Array.from(per.slice(1, LONGEST + 1));
}

/** Bits to entropy-coded bytes, a zero stuffed behind every FF. */
export class BitWriter {
  #bytes: Bytes = new Uint8Array(1 << 16);
  #length = 0;
  #pending = 0;
  #bits = 0;

  put(value: number, bits: number): void {
    this.#pending = (this.#pending << bits) | value;
    this.#bits += bits;
    while (this.#bits >= 8) {
      this.#bits -= 8;
      this.#push((this.#pending >> this.#bits) & 255);
    }
    this.#pending &= (1 << this.#bits) - 1;
  }

  /** The bytes so far, the last one filled up with ones. */
  finished(): Bytes {
    if (this.#bits > 0) this.put((1 << (8 - this.#bits)) - 1, 8 - this.#bits);
    return this.#bytes.slice(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length + 2 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
    if (byte === 255) this.#bytes[this.#length++] = 0;
  }
}
