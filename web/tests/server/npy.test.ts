import { expect, test } from "vitest";
import { concatenated, latin1 } from "../../src/photo/bytes.ts";
import { readAb } from "../../src/server/npy.ts";

function npy(header: string, ...bits: number[]): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(new Uint16Array(bits).buffer);
  const head = latin1(header);
  return concatenated(latin1("\x93NUMPY\x01\x00"), Uint8Array.of(head.length, 0), head, values);
}

test("colours are read out of a NumPy file of half floats", () => {
  const shape = "{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2, 2), }";
  // 1, −2, 65504 (the largest), 2⁻²⁴ (the least)
  const { a, b } = readAb(npy(shape, 0x3c00, 0xc000, 0x7bff, 0x0001));
  expect([...a.values, ...b.values]).toEqual([1, 65504, -2, Math.fround(2 ** -24)]);
});

test("a file of anything else is refused", () => {
  const shape = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2), }";
  expect(() => readAb(npy(shape, 0, 0))).toThrow("serverRefused");
});
