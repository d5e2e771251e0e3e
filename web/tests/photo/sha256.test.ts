import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hexOf, sha256, sha256Here } from "../../src/photo/sha256.ts";

test.each([0, 1, 55, 56, 63, 64, 65, 1000])(
  "%i bytes have the digest that Node finds",
  async (length) => {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31) % 256);
    const wanted = createHash("sha256").update(bytes).digest("hex");
    expect(hexOf(sha256Here(bytes))).toBe(wanted);
    expect(hexOf(await sha256(bytes))).toBe(wanted);
  },
);
