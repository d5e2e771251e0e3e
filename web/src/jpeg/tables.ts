/** Quantization tables: those in a file, and the standard ones at a quality (T.81, annex K.1). */

import { DQT, type JpegFacts, payload, withMarker } from "./segments.ts";

/** 64 steps in natural order, row by row; in a file they stand in zigzag order. */
export type Table = readonly number[];

// ITU-T T.81, tables K.1 (luminance) and K.2 (chrominance)
export const STANDARD_LUMA: Table = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
  92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
export const STANDARD_CHROMA: Table = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99],
  ...[99, 99, 99, 99, 47, 66, ...Array<number>(38).fill(99)],
];

/** Where the k-th step of a table in a file lies in natural order (T.81, figure A.6). */
export const ZIGZAG: readonly number[] = Array.from({ length: 15 }, (_, diagonal) => {
  const rows = Array.from({ length: 8 }, (_, row) => row).filter(
    (row) => diagonal - row >= 0 && diagonal - row < 8,
  );
  const ordered = diagonal % 2 ? rows : rows.reverse();
  return ordered.map((row) => row * 8 + diagonal - row);
}).flat();

/** A standard table at a quality of 1…100, scaled and held in 1…255 as the IJG's library does. */
export function atQuality(standard: Table, quality: number): Table {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return standard.map((step) =>
    Math.min(Math.max(Math.floor((step * percent + 50) / 100), 1), 255),
  );
}

/** The quality 1…100 at which the standard luma table comes nearest to this one. */
export function qualityOf(luma: Table): number {
  const mean = (table: Table): number => table.reduce((sum, step) => sum + step, 0) / 64;
  const wanted = mean(luma);
  const far = Array.from({ length: 100 }, (_, index) =>
    Math.abs(mean(atQuality(STANDARD_LUMA, index + 1)) - wanted),
  );
  return far.indexOf(Math.min(...far)) + 1;
}

/** The tables in force at the first scan, by their slots. */
export function quantizationTables(facts: JpegFacts): Map<number, Table> {
  const firstScan = facts.scans[0].segment.start;
  const segments = withMarker(facts, DQT).filter((segment) => segment.start < firstScan);
  return new Map(segments.flatMap((segment) => tablesIn(payload(facts, segment))));
}

/** Every slot and table of a DQT segment; one that is cut off is left out. */
export function tablesIn(content: Uint8Array): [slot: number, table: Table][] {
  const found: [number, Table][] = [];
  for (let at = 0; at < content.length; ) {
    const bytesEach = content[at] >> 4 > 0 ? 2 : 1;
    const slot = content[at] & 15;
    const steps = content.subarray(at + 1, at + 1 + 64 * bytesEach);
    at += 1 + 64 * bytesEach;
    if (steps.length < 64 * bytesEach) continue;
    const table = Array<number>(64).fill(0);
    ZIGZAG.forEach((place, k) => {
      table[place] = bytesEach === 1 ? steps[k] : (steps[2 * k] << 8) | steps[2 * k + 1];
    });
    found.push([slot, table]);
  }
  return found;
}

/** The table's steps as a file holds them. */
export function inZigzag(table: Table): Uint8Array {
  return Uint8Array.from(ZIGZAG, (place) => table[place]);
}
