/** Blocks of 8 × 8 samples as quantized coefficients (Arai, Agui & Nakajima 1988). */

import { type Table, ZIGZAG } from "./tables.ts";

const SCALES = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379];

/** Samples −128…127, 8 × 8, to coefficients in zigzag order. */
export class Quantizer {
  /** The samples of the next block; overwritten by `write`. */
  readonly block = new Float32Array(64);
  readonly #shares: Float32Array;

  constructor(table: Table) {
    this.#shares = Float32Array.from(
      table,
      (step, place) => 1 / (8 * step * SCALES[place >> 3] * SCALES[place & 7]),
    );
  }

  /** Write the block's 64 coefficients from `at` on. */
  write(coefficients: Int16Array, at: number): void {
    const { block } = this;
    for (let row = 0; row < 64; row += 8) transform(block, row, 1);
    for (let column = 0; column < 8; column++) transform(block, column, 8);
    for (let k = 0; k < 64; k++) {
      const place = ZIGZAG[k];
      // Adding and taking away rounds halves upwards for either sign.
      coefficients[at + k] = ((block[place] * this.#shares[place] + 16384.5) | 0) - 16384;
    }
  }
}

/** Eight samples, `stride` apart, to eight scaled coefficients, in place. */
function transform(block: Float32Array, start: number, stride: number): void {
  const place = (index: number): number => start + index * stride;
  const sum = (index: number): number => block[place(index)] + block[place(7 - index)];
  const rest = (index: number): number => block[place(index)] - block[place(7 - index)];
  const [s0, s1, s2, s3] = [sum(0), sum(1), sum(2), sum(3)];
  const [d0, d1, d2, d3] = [rest(0), rest(1), rest(2), rest(3)];
  const [e0, e1, e2, e3] = [s0 + s3, s1 + s2, s1 - s2, s0 - s3];
  const turn = (e2 + e3) * Math.SQRT1_2;
  block[place(0)] = e0 + e1;
  block[place(4)] = e0 - e1;
  block[place(2)] = e3 + turn;
  block[place(6)] = e3 - turn;
  const [o0, o1, o2] = [d3 + d2, d2 + d1, d1 + d0];
  const z5 = (o0 - o2) * 0.382683433;
  const z2 = 0.5411961 * o0 + z5;
  const z4 = 1.306562965 * o2 + z5;
  const z3 = o1 * Math.SQRT1_2;
  block[place(5)] = d0 - z3 + z2;
  block[place(3)] = d0 - z3 - z2;
  block[place(1)] = d0 + z3 + z4;
  block[place(7)] = d0 + z3 - z4;
}
