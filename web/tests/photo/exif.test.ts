import { describe, expect, test } from "vitest";
import { exifOrientation, uprightExif } from "../../src/photo/exif.ts";

/** A block of one directory with one tag. */
function block(order: "II" | "MM", tag: number, value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(26);
  const view = new DataView(bytes.buffer);
  const little = order === "II";
  bytes.set([order.charCodeAt(0), order.charCodeAt(1)]);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, tag, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, value, little);
  return bytes;
}

describe("the orientation in EXIF", () => {
  test.each(["II", "MM"] as const)("is read and set in byte order %s", (order) => {
    const turned = block(order, 274, 6);
    expect(exifOrientation(turned)).toBe(6);
    expect(exifOrientation(uprightExif(turned, 10, 20))).toBe(1);
    expect(exifOrientation(turned)).toBe(6); // the given block stays
  });

  test("is 1 where nothing sensible is said", () => {
    expect(exifOrientation(null)).toBe(1);
    expect(exifOrientation(block("II", 274, 99))).toBe(1);
    expect(exifOrientation(block("II", 272, 6))).toBe(1);
    expect(exifOrientation(block("II", 274, 6).subarray(0, 15))).toBe(1);
    expect(exifOrientation(new Uint8Array(7))).toBe(1);
  });
});
