import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readBins } from "../../src/network/bins.ts";
import { readOnnxFacts } from "../../src/network/onnx-facts.ts";
import { WEB } from "../python.ts";

const FLAGSHIP = `${WEB}../src/photochrom/models/weights/flagship.onnx`;

test("the shipped model says what it paints, at which size, and among which colours", () => {
  const { metadata, inputs } = readOnnxFacts(readFileSync(FLAGSHIP));
  expect(metadata.get("paints")).toBe("ab");
  expect(Number(metadata.get("short_side_px"))).toBeGreaterThan(0);
  expect(inputs[0]).toBe("lightness");
  const bins = readBins(metadata);
  expect(bins?.a.length).toBeGreaterThan(100);
  expect(bins?.logWeights.length).toBe(bins?.a.length);
});

test("what is no protobuf is refused", () => {
  expect(() => readOnnxFacts(Uint8Array.of(0x3a, 0xff))).toThrow(RangeError);
  expect(() => readOnnxFacts(Uint8Array.of(0x0f))).toThrow(RangeError);
});
