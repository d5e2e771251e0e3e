import { describe, expect, test } from "vitest";
import { concatenated, fromUint32, latin1 } from "../../src/photo/bytes.ts";
import { readContainer } from "../../src/photo/container.ts";
import { decodePhoto } from "../../src/photo/decode.ts";
import { chunkBytes, SIGNATURE } from "../../src/png/chunks.ts";

/** A PNG that ends after its header. */
function pngHead(width: number, height: number, bits: number) {
  const sizes = concatenated(fromUint32(width), fromUint32(height));
  const content = concatenated(sizes, Uint8Array.of(bits, 0, 0, 0, 0));
  return concatenated(SIGNATURE, chunkBytes({ kind: "IHDR", content }));
}

/** A JPEG that ends after its frame's header, of one component. */
function jpegHead(width: number, height: number) {
  const [tall, wide] = [height, width].map((side) => [side >> 8, side & 255]);
  const frame = [0xff, 0xc0, 0, 11, 8, ...tall, ...wide, 1, 1, 0x11, 0];
  return Uint8Array.from([0xff, 0xd8, ...frame, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0xff, 0xd9]);
}

describe("a file's head", () => {
  test("says how large its picture is, and how deep", async () => {
    expect(await readContainer(pngHead(3, 2, 16))).toMatchObject({
      size: { height: 2, width: 3 },
      bits: 16,
    });
    expect(await readContainer(jpegHead(300, 200))).toMatchObject({
      size: { height: 200, width: 300 },
      bits: 8,
    });
  });

  test.each([
    ["as its pixi says", "pixi\0\0\0\0\x03\x0a\x0a\x0a", 10],
    ["8 where it says nothing", "ispe\0\0\0\0", 8],
  ])("of an AVIF says how deep it is: %s", async (_, property, bits) => {
    const file = latin1(`\0\0\0\x10ftypavif\0\0\0\0\0\0\0\x10${property}`);
    expect(await readContainer(file)).toMatchObject({ kind: "other", bits });
  });

  test.each([
    ["PNG", pngHead(100_000, 100_000, 8)],
    ["JPEG", jpegHead(60_000, 60_000)],
  ])("of a %s that is too large is enough to say so", async (_, file) => {
    await expect(decodePhoto(file)).rejects.toMatchObject({ code: "tooLarge" });
  });
});
