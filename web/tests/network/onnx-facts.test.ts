import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readBins } from "../../src/network/bins.ts";
import { readOnnxFacts, withoutDefault } from "../../src/network/onnx-facts.ts";
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

test("an input loses its default, and nothing else is lost", () => {
  const model = readFileSync(FLAGSHIP);
  const asking = withoutDefault(model, "hints");
  expect(asking.length).toBeLessThan(model.length);
  expect(model.length - asking.length).toBeLessThan(60); // a tensor of a few zeros
  expect(readOnnxFacts(asking)).toEqual(readOnnxFacts(model));
  expect(withoutDefault(asking, "hints")).toBe(asking);
  expect(withoutDefault(model, "nothing")).toBe(model);
});
