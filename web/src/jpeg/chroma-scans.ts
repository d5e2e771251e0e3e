/** A chroma plane as the scans of one JPEG component, with Huffman tables of its own. */

import type { Levels } from "../colour/plane.ts";
import { type Bytes, concatenated } from "../photo/bytes.ts";
import {
  type Blocks,
  blocksOf,
  codeAc,
  codeDc,
  type Sink,
  SymbolCounter,
  SymbolWriter,
} from "./coefficients.ts";
import { BitWriter, huffmanSegment, huffmanTable } from "./huffman.ts";
import { SOS, segmentBytes } from "./segments.ts";
import type { Table } from "./tables.ts";

type Pass = (blocks: Blocks, sink: Sink) => void;

/** The tables and scans of a plane as component `identifier`, to stand before the EOI marker. */
export function componentScans(
  plane: Levels,
  identifier: number,
  table: Table,
  progressive: boolean,
): Bytes {
  const blocks = blocksOf(plane, table);
  if (!progressive) return scan(blocks, identifier, [0, 63], everything);
  // A progressive frame has the first coefficients in a scan of their own (T.81, G.1.1.1.1).
  const first = scan(blocks, identifier, [0, 0], firsts);
  return concatenated(first, scan(blocks, identifier, [1, 63], others));
}

function scan(
  blocks: Blocks,
  identifier: number,
  [start, end]: readonly [number, number],
  pass: Pass,
): Bytes {
  const counter = new SymbolCounter();
  pass(blocks, counter);
  const [dc, ac] = [huffmanTable(counter.dcCounts), huffmanTable(counter.acCounts)];
  const bits = new BitWriter();
  pass(blocks, new SymbolWriter(bits, dc, ac));
  return concatenated(
    start === 0 ? huffmanSegment(dc, 0, 0) : new Uint8Array(),
    end > 0 ? huffmanSegment(ac, 1, 0) : new Uint8Array(),
    segmentBytes(SOS, Uint8Array.of(1, identifier, 0x00, start, end, 0)),
    bits.finished(),
  );
}

const everything: Pass = ({ coefficients }, sink) => {
  for (let at = 0, before = 0; at < coefficients.length; at += 64) {
    before = codeDc(coefficients, at, before, sink);
    codeAc(coefficients, at, sink);
  }
};

const firsts: Pass = ({ coefficients }, sink) => {
  for (let at = 0, before = 0; at < coefficients.length; at += 64) {
    before = codeDc(coefficients, at, before, sink);
  }
};

const others: Pass = ({ coefficients }, sink) => {
  for (let at = 0; at < coefficients.length; at += 64) codeAc(coefficients, at, sink);
};
