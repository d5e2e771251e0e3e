import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeJpeg } from "../../src/jpeg/encode.ts";
import { huffmanTable, noCounts } from "../../src/jpeg/huffman.ts";
import { parseJpeg } from "../../src/jpeg/segments.ts";
import {
  atQuality,
  qualityOf,
  STANDARD_CHROMA,
  STANDARD_LUMA,
  ZIGZAG,
} from "../../src/jpeg/tables.ts";
import { FIXTURES, pythonProgram } from "../python.ts";

const TABLES = { luma: atQuality(STANDARD_LUMA, 95), chroma: atQuality(STANDARD_CHROMA, 95) };

/** A smooth colour at a place, as RGB. */
function colour(row: number, x: number): [number, number, number] {
  return [128 + 90 * Math.sin(x / 23), 128 + 80 * Math.cos(row / 19), 100 + x / 2];
}

describe("an encoded JPEG", () => {
  test.each([
    [1, 1],
    [16, 16],
    [17, 33],
    [61, 83],
  ])("of %i × %i pixels is what Pillow decodes", async (height, width) => {
    const jpeg = await encodeJpeg(
      { height, width },
      (row, rgba) => {
        for (let x = 0; x < width; x++) rgba.set(colour(row, x), 4 * x);
      },
      TABLES,
      new Uint8Array(),
    );
    expect(parseJpeg(jpeg).frames[0]).toMatchObject({ height, width });
    const path = `${FIXTURES}/encoded-${height}x${width}.jpg`;
    writeFileSync(path, jpeg);
    const script = `
import json, sys, numpy as np
from PIL import Image
print(json.dumps(np.asarray(Image.open(sys.argv[1]).convert("RGB")).ravel().tolist()))`;
    const decoded = JSON.parse(
      execFileSync(pythonProgram(), ["-W", "error", "-c", script, path]).toString(),
    ) as number[];
    const differences = decoded.map((level, at) => {
      const pixel = Math.floor(at / 3);
      return Math.abs(level - colour(Math.floor(pixel / width), pixel % width)[at % 3]);
    });
    expect(differences.reduce((one, other) => one + other, 0) / differences.length).toBeLessThan(2);
  });
});

test("the zigzag goes through every place once, along diagonals", () => {
  expect(ZIGZAG.slice(0, 6)).toEqual([0, 1, 8, 16, 9, 2]);
  expect(new Set(ZIGZAG).size).toBe(64);
});

test("a table's quality is found again", () => {
  for (const quality of [20, 50, 83, 100]) {
    expect(qualityOf(atQuality(STANDARD_LUMA, quality))).toBe(quality);
  }
});

describe("Huffman codes", () => {
  test("have at most 16 bits, however uneven the counts, and none is all ones", () => {
    const counts = noCounts();
    for (let symbol = 0; symbol < 40; symbol++) counts[symbol] = Math.round(1.6 ** symbol);
    const { codes, lengths, symbols } = huffmanTable(counts);
    expect(symbols.length).toBe(40);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(16);
    const kraft = symbols.reduce((sum, symbol) => sum + 2 ** -lengths[symbol], 0);
    expect(kraft).toBeLessThan(1);
    for (const symbol of symbols) expect(codes[symbol]).not.toBe(2 ** lengths[symbol] - 1);
    expect(lengths[39]).toBeLessThan(lengths[3]);
  });

  test("of one symbol, and of none, can be written", () => {
    const one = noCounts();
    one[7] = 5;
    expect(huffmanTable(one).lengths[7]).toBe(1);
    expect(huffmanTable(noCounts()).symbols.length).toBe(0);
  });
});
