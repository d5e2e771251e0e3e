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
  const at1 = start + stride;
  const at2 = at1 + stride;
  const at3 = at2 + stride;
  const at4 = at3 + stride;
  const at5 = at4 + stride;
  const at6 = at5 + stride;
  const at7 = at6 + stride;
  const sum0 = block[start] + block[at7];
  const sum1 = block[at1] + block[at6];
  const sum2 = block[at2] + block[at5];
  const sum3 = block[at3] + block[at4];
  const rest0 = block[start] - block[at7];
  const rest1 = block[at1] - block[at6];
  const rest2 = block[at2] - block[at5];
  const rest3 = block[at3] - block[at4];

  const outer = sum0 - sum3;
  const turn = (sum1 - sum2 + outer) * Math.SQRT1_2;
  block[start] = sum0 + sum3 + sum1 + sum2;
  block[at4] = sum0 + sum3 - sum1 - sum2;
  block[at2] = outer + turn;
  block[at6] = outer - turn;

  const odd0 = rest3 + rest2;
  const odd1 = (rest2 + rest1) * Math.SQRT1_2;
  const odd2 = rest1 + rest0;
  const both = (odd0 - odd2) * 0.382683433;
  const low = 0.5411961 * odd0 + both;
  const high = 1.306562965 * odd2 + both;
  block[at5] = rest0 - odd1 + low;
  block[at3] = rest0 - odd1 - low;
  block[at1] = rest0 + odd1 + high;
  block[at7] = rest0 + odd1 - high;
}
