/** A colour picture as a baseline JPEG: one interleaved scan, chroma at half size (T.81). */

import { BLUE_FROM_CB, LUMA_FROM_RGB, RED_FROM_CR } from "../colour/chroma.ts";
import type { Levels, Size } from "../colour/plane.ts";
import { type Bytes, concatenated } from "../photo/bytes.ts";
import {
  type Blocks,
  codeAc,
  codeDc,
  emptyBlocks,
  fillRow,
  type Sink,
  SymbolCounter,
  SymbolWriter,
} from "./coefficients.ts";
import { Quantizer } from "./dct.ts";
import { BitWriter, huffmanSegment, huffmanTable } from "./huffman.ts";
import { DQT, SOS, segmentBytes } from "./segments.ts";
import { inZigzag, type Table } from "./tables.ts";

const MCU_PX = 16;
const SOF0 = 0xc0;
const MARKERS = { start: Uint8Array.of(0xff, 0xd8), end: Uint8Array.of(0xff, 0xd9) };
export const MAX_SIDE_PX = 65_500; // what libjpeg reads

/** Writes row `row` of the picture as RGBA into `rgba` from `at` on. */
export type RowSource = (row: number, rgba: Uint8ClampedArray, at: number) => void;

export interface Tables {
  readonly luma: Table;
  readonly chroma: Table;
}

/** The file, `metadata` segments behind its first marker. Between strips others may work. */
export async function encodeJpeg(
  size: Size,
  rows: RowSource,
  tables: Tables,
  metadata: Bytes,
): Promise<Bytes> {
  const components = await transformed(size, rows, tables);
  const counters = [new SymbolCounter(), new SymbolCounter()];
  codeMcus(components, (index) => counters[Math.min(index, 1)]);
  const [dc, ac] = [
    counters.map(({ dcCounts }) => huffmanTable(dcCounts)),
    counters.map(({ acCounts }) => huffmanTable(acCounts)),
  ];
  const bits = new BitWriter();
  const writers = [0, 1].map((slot) => new SymbolWriter(bits, dc[slot], ac[slot]));
  codeMcus(components, (index) => writers[Math.min(index, 1)]);
  return concatenated(
    MARKERS.start,
    metadata,
    ...[tables.luma, tables.chroma].map((table, slot) =>
      segmentBytes(DQT, concatenated(Uint8Array.of(slot), inZigzag(table))),
    ),
    frameSegment(size),
    ...[0, 1].flatMap((slot) => [
      huffmanSegment(dc[slot], 0, slot),
      huffmanSegment(ac[slot], 1, slot),
    ]),
    segmentBytes(SOS, Uint8Array.of(3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0)),
    bits.finished(),
    MARKERS.end,
  );
}

function frameSegment({ height, width }: Size): Bytes {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return segmentBytes(SOF0, Uint8Array.of(8, ...size, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1));
}

/** Y, Cb and Cr as coefficients, made strip by strip. */
async function transformed(size: Size, rows: RowSource, tables: Tables): Promise<Blocks[]> {
  const [high, wide] = [Math.ceil(size.height / MCU_PX), Math.ceil(size.width / MCU_PX)];
  const luma = emptyBlocks(2 * high, 2 * wide);
  const chroma = [emptyBlocks(high, wide), emptyBlocks(high, wide)];
  const quantizers = [new Quantizer(tables.luma), new Quantizer(tables.chroma)];
  const strip = new Strip(MCU_PX * wide);
  let pause = performance.now();
  for (let row = 0; row < high; row++) {
    strip.fill(size, rows, MCU_PX * row);
    fillRow(luma, 2 * row, strip.luma, 0, quantizers[0]);
    fillRow(luma, 2 * row + 1, strip.luma, 8, quantizers[0]);
    fillRow(chroma[0], row, strip.cb, 0, quantizers[1]);
    fillRow(chroma[1], row, strip.cr, 0, quantizers[1]);
    if (performance.now() - pause > 30) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      pause = performance.now();
    }
  }
  return [luma, ...chroma];
}

/** Sixteen rows of a picture, filled up to whole blocks by repeating its last row and column. */
class Strip {
  readonly luma: Levels;
  readonly cb: Levels;
  readonly cr: Levels;
  readonly #width: number;
  readonly #rgba: Uint8ClampedArray;
  readonly #blue: Float32Array;
  readonly #red: Float32Array;

  constructor(width: number) {
    this.#width = width;
    this.#rgba = new Uint8ClampedArray(4 * width);
    this.#blue = new Float32Array(width / 2);
    this.#red = new Float32Array(width / 2);
    const half = { height: MCU_PX / 2, width: width / 2 };
    this.luma = { height: MCU_PX, width, values: new Uint8Array(MCU_PX * width) };
    this.cb = { ...half, values: new Uint8Array(half.height * half.width) };
    this.cr = { ...half, values: new Uint8Array(half.height * half.width) };
  }

  fill(size: Size, rows: RowSource, top: number): void {
    for (let row = 0; row < MCU_PX; row++) {
      if (top + row < size.height) {
        rows(top + row, this.#rgba, 0);
        const last = 4 * (size.width - 1);
        for (let at = last + 4; at < this.#rgba.length; at += 4) {
          this.#rgba.copyWithin(at, last, last + 4);
        }
      }
      this.#addRow(row);
    }
  }

  #addRow(row: number): void {
    const [toRed, toGreen, toBlue] = LUMA_FROM_RGB;
    if (row % 2 === 0) {
      this.#blue.fill(0);
      this.#red.fill(0);
    }
    const rgba = this.#rgba;
    const line = this.luma.values.subarray(row * this.#width, (row + 1) * this.#width);
    for (let x = 0; x < line.length; x++) {
      const red = rgba[4 * x];
      const blue = rgba[4 * x + 2];
      const luma = toRed * red + toGreen * rgba[4 * x + 1] + toBlue * blue;
      line[x] = luma + 0.5;
      this.#blue[x >> 1] += (blue - luma) / BLUE_FROM_CB;
      this.#red[x >> 1] += (red - luma) / RED_FROM_CR;
    }
    if (row % 2 === 0) return;
    const start = (row >> 1) * this.cb.width;
    for (let x = 0; x < this.cb.width; x++) {
      this.cb.values[start + x] = Math.min(this.#blue[x] / 4 + 128.5, 255);
      this.cr.values[start + x] = Math.min(this.#red[x] / 4 + 128.5, 255);
    }
  }
}

/** Four blocks of Y and one each of Cb and Cr, over and over. */
function codeMcus([luma, cb, cr]: readonly Blocks[], sinkOf: (component: number) => Sink): void {
  const before = [0, 0, 0];
  const code = (component: number, { coefficients }: Blocks, block: number): void => {
    const sink = sinkOf(component);
    before[component] = codeDc(coefficients, 64 * block, before[component], sink);
    codeAc(coefficients, 64 * block, sink);
  };
  for (let row = 0; row < cb.high; row++) {
    for (let column = 0; column < cb.wide; column++) {
      for (const down of [0, 1]) {
        const block = (2 * row + down) * luma.wide + 2 * column;
        code(0, luma, block);
        code(0, luma, block + 1);
      }
      code(1, cb, row * cb.wide + column);
      code(2, cr, row * cr.wide + column);
    }
  }
}
