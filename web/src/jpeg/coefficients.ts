/** One component's blocks as coefficients, and these as Huffman symbols (T.81, annex F.1.2, G.1.2). */

import type { Levels } from "../colour/plane.ts";
import { Quantizer } from "./dct.ts";
import { type BitWriter, type Counts, type HuffmanTable, noCounts } from "./huffman.ts";
import type { Table } from "./tables.ts";

const [END_OF_BLOCK, SIXTEEN_ZEROS] = [0x00, 0xf0];

/** Blocks row by row, each 64 coefficients in zigzag order. */
export interface Blocks {
  readonly high: number;
  readonly wide: number;
  readonly coefficients: Int16Array;
}

export function emptyBlocks(high: number, wide: number): Blocks {
  return { high, wide, coefficients: new Int16Array(64 * high * wide) };
}

/** The blocks that cover a plane; its last row and column repeat. */
export function blocksOf(plane: Levels, table: Table): Blocks {
  const blocks = emptyBlocks(Math.ceil(plane.height / 8), Math.ceil(plane.width / 8));
  const quantizer = new Quantizer(table);
  for (let row = 0; row < blocks.high; row++) fillRow(blocks, row, plane, 8 * row, quantizer);
  return blocks;
}

/** Fill one row of blocks from the plane's rows from `top` on. */
export function fillRow(
  blocks: Blocks,
  row: number,
  { height, width, values }: Levels,
  top: number,
  quantizer: Quantizer,
): void {
  const { block } = quantizer;
  for (let column = 0; column < blocks.wide; column++) {
    for (let y = 0; y < 8; y++) {
      const line = Math.min(top + y, height - 1) * width;
      for (let x = 0; x < 8; x++) {
        block[8 * y + x] = values[line + Math.min(8 * column + x, width - 1)] - 128;
      }
    }
    quantizer.write(blocks.coefficients, 64 * (row * blocks.wide + column));
  }
}

/** Where symbols go: counted first, then written. */
export interface Sink {
  dc(symbol: number, extra: number, bits: number): void;
  ac(symbol: number, extra: number, bits: number): void;
}

export class SymbolCounter implements Sink {
  readonly dcCounts: Counts = noCounts();
  readonly acCounts: Counts = noCounts();

  dc(symbol: number): void {
    this.dcCounts[symbol]++;
  }

  ac(symbol: number): void {
    this.acCounts[symbol]++;
  }
}

export class SymbolWriter implements Sink {
  readonly #bits: BitWriter;
  readonly #dc: HuffmanTable;
  readonly #ac: HuffmanTable;

  constructor(bits: BitWriter, dc: HuffmanTable, ac: HuffmanTable) {
    this.#bits = bits;
    this.#dc = dc;
    this.#ac = ac;
  }

  dc(symbol: number, extra: number, bits: number): void {
    this.#bits.put(this.#dc.codes[symbol], this.#dc.lengths[symbol]);
    if (bits > 0) this.#bits.put(extra, bits);
  }

  ac(symbol: number, extra: number, bits: number): void {
    this.#bits.put(this.#ac.codes[symbol], this.#ac.lengths[symbol]);
    if (bits > 0) this.#bits.put(extra, bits);
  }
}

/** How the first coefficient of the block at `at` differs from that of the one before. */
export function codeDc(coefficients: Int16Array, at: number, before: number, sink: Sink): number {
  const value = coefficients[at];
  const bits = bitsOf(value - before);
  sink.dc(bits, extraBits(value - before, bits), bits);
  return value;
}

/** The other 63 coefficients of the block at `at`. */
export function codeAc(coefficients: Int16Array, at: number, sink: Sink): void {
  let zeros = 0;
  for (let k = 1; k < 64; k++) {
    const value = coefficients[at + k];
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) sink.ac(SIXTEEN_ZEROS, 0, 0);
    const bits = bitsOf(value);
    sink.ac((zeros << 4) | bits, extraBits(value, bits), bits);
    zeros = 0;
  }
  if (zeros > 0) sink.ac(END_OF_BLOCK, 0, 0);
}

function bitsOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** A negative value is written as itself less one, cut to its bits. */
function extraBits(value: number, bits: number): number {
  return value < 0 ? value + (1 << bits) - 1 : value;
}
