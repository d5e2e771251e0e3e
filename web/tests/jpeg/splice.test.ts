import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Chroma } from "../../src/colour/chroma.ts";
import { thumbnailJpeg } from "../../src/jpeg/ordinary.ts";
import { parseJpeg } from "../../src/jpeg/segments.ts";
import { isSpliceable, splice } from "../../src/jpeg/splice.ts";
import { profileFromGrey } from "../../src/photo/icc-build.ts";
import { packetWith } from "../../src/photo/provenance.ts";
import { FIXTURES, python } from "../python.ts";

const MATRIX = `${FIXTURES}/matrix`;
const COLOURED = `${FIXTURES}/coloured`;
const names = readdirSync(MATRIX).filter((name) => name.endsWith(".jpg"));

interface Verified {
  readonly restored: boolean;
  readonly luma: number;
  readonly chroma: number;
  readonly source: string;
}

function read(name: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(`${MATRIX}/${name}`));
}

/** The planes of jpeg_changes.py. */
function smoothChroma(height: number, width: number): Chroma {
  const [tall, wide] = [(height + 1) >> 1, (width + 1) >> 1];
  const plane = (of: (down: number, across: number) => number) => ({
    height: tall,
    width: wide,
    values: Uint8Array.from({ length: tall * wide }, (_, at) =>
      of(Math.floor(at / wide), at % wide),
    ),
  });
  return {
    cb: plane((down, across) => 128 + 40 * Math.sin(across / 23 + 0.4) * Math.cos(down / 19)),
    cr: plane((down, across) => 128 + 45 * Math.cos(across / 21) * Math.sin(down / 17 + 0.8)),
  };
}

const madeBy = {
  sourceSha256: "abc",
  model: "flagship",
  modelVersion: "1",
  modelSha256: "def",
  strength: 1,
  options: "",
};

describe("every grey JPEG of the matrix", () => {
  let verified: Record<string, Verified> = {};
  const spliceable = names.filter((name) => isSpliceable(parseJpeg(read(name))));

  beforeAll(async () => {
    rmSync(COLOURED, { recursive: true, force: true });
    mkdirSync(COLOURED, { recursive: true });
    const small = await thumbnailJpeg({ height: 24, width: 32 }, (_, rgba) => rgba.fill(90));
    for (const name of spliceable) {
      const jpeg = read(name);
      const [{ height, width }] = parseJpeg(jpeg).frames;
      const coloured = await splice(jpeg, smoothChroma(height, width), {
        xmp: packetWith(null, madeBy, false),
        icc: profileFromGrey(null),
        thumbnail: small,
      });
      writeFileSync(`${COLOURED}/${name}`, coloured);
    }
    verified = JSON.parse(python("tests/verified.py", MATRIX, COLOURED));
  }, 60_000);

  test("is spliced, but for the few that cannot be", () => {
    expect(names.length - spliceable.length).toBeLessThan(6);
    expect(names.length).toBeGreaterThan(100);
  });

  test("comes back byte for byte from Python's restore", () => {
    expect(Object.entries(verified).filter(([, { restored }]) => !restored)).toEqual([]);
  });

  test("keeps its luma and gets the chroma that was asked for", () => {
    expect(Object.entries(verified).filter(([, { luma }]) => luma > 0)).toEqual([]);
    expect(Object.entries(verified).filter(([, { chroma }]) => chroma > 3)).toEqual([]);
  });

  test("says who coloured it", () => {
    expect(Object.values(verified).every(({ source }) => source === "abc")).toBe(true);
  });
});

test("a colour JPEG is not spliced", async () => {
  const colour = await thumbnailJpeg({ height: 8, width: 8 }, (_, rgba) => rgba.fill(90));
  const notes = { xmp: "", icc: profileFromGrey(null), thumbnail: null };
  await expect(splice(colour, smoothChroma(8, 8), notes)).rejects.toThrow("notArchivable");
});
