import { expect, test } from "vitest";
import { applyEdits, moved } from "../../src/jpeg/edits.ts";
import { parseJpeg } from "../../src/jpeg/segments.ts";
import { latin1 } from "../../src/photo/bytes.ts";

test.each([
  ["nothing", []],
  ["a page", [...latin1("<!doctype html>")]],
  ["only a start", [0xff, 0xd8]],
  ["a length that lies", [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0]],
  ["a scan without a frame", [0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0xff, 0xd9]],
])("%s is no JPEG", (_, bytes) => {
  expect(() => parseJpeg(Uint8Array.from(bytes))).toThrow("damaged");
});

test("edits are made in the original's positions", () => {
  const edits = [
    { start: 10, end: 10, replacement: latin1("!") },
    { start: 0, end: 4, replacement: latin1("colour") },
  ];
  expect(applyEdits(latin1("grey photo"), edits)).toEqual(latin1("colour photo!"));
  expect(moved(5, edits)).toBe(7);
  expect(() => applyEdits(latin1("abc"), [edits[1], { ...edits[1], start: 2 }])).toThrow(
    RangeError,
  );
});
