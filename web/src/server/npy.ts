/** A NumPy file of float16 as colours (numpy.lib.format, version 1.0). */

import { type Ab, emptyPlane } from "../colour/plane.ts";
import { type Bytes, textOf, viewOf } from "../photo/bytes.ts";
import { Problem } from "../texts/problem.ts";

const HEADER_AT = 10; // behind "\x93NUMPY", the version and the header's length

/** The colours (h, w, 2). Throws `Problem` for anything else. */
export function readAb(npy: Bytes): Ab {
  const view = viewOf(npy);
  const start = HEADER_AT + view.getUint16(8, true);
  const header = textOf(npy, HEADER_AT, start);
  const shape = /'shape': \((\d+), (\d+), 2\)/.exec(header);
  if (!shape || !header.includes("'<f2'") || header.includes("'fortran_order': True")) {
    throw new Problem("serverRefused", { detail: header.trim() });
  }
  const [height, width] = [Number(shape[1]), Number(shape[2])];
  const ab = { a: emptyPlane(height, width), b: emptyPlane(height, width) };
  for (let pixel = 0; pixel < height * width; pixel++) {
    ab.a.values[pixel] = float16(view.getUint16(start + 4 * pixel, true));
    ab.b.values[pixel] = float16(view.getUint16(start + 4 * pixel + 2, true));
  }
  return ab;
}

/** The number that 16 bits spell (IEEE 754 binary16). */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}
