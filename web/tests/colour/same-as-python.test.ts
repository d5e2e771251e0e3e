import { describe, expect, test } from "vitest";
import { coloursToCbCr } from "../../src/colour/chroma.ts";
import { turned } from "../../src/colour/grey.ts";
import { rgbToLab } from "../../src/colour/lab.ts";
import { labModel, networkSize, paint } from "../../src/colour/merge.ts";
import { whole } from "../../src/colour/plane.ts";
import { GUIDE_PER_AB } from "../../src/colour/raise.ts";
import { realColour } from "../../src/colour/real-colour.ts";
import { resize } from "../../src/colour/resize.ts";
import { colours, expected, levels, meanDifference, mostDifference } from "../expected.ts";

const grey = levels(expected.grey);

describe("the website computes what Python computes", () => {
  test.each(Object.entries(expected.resized))("resized to %s", (size, wanted) => {
    const [height, width] = size.split("x").map(Number);
    expect(mostDifference(resize(grey, height, width).values, wanted.values)).toBeLessThan(1e-3);
  });

  test.each(expected.merges)("merged at strength $strength", ({ ab, strength, rgb }) => {
    const model = labModel(grey, { ab: colours(ab), guidePerAb: GUIDE_PER_AB });
    const rgba = paint(model, { grey, region: whole(grey), picture: grey }, strength);
    const painted = rgba.filter((_, at) => at % 4 < 3);
    expect(meanDifference(painted, rgb)).toBeLessThan(0.05);
    expect(mostDifference(painted, rgb)).toBeLessThanOrEqual(2);
  });

  test.each(expected.cbcr)("Cb and Cr beside luma", ({ ab, tone, cb, cr }) => {
    const curve = tone && Float32Array.from(tone);
    const painted = { ab: colours(ab), guidePerAb: GUIDE_PER_AB };
    const chroma = coloursToCbCr(grey, painted, 1.2, curve);
    expect(mostDifference(chroma.cb.values, cb.values)).toBeLessThanOrEqual(1);
    expect(mostDifference(chroma.cr.values, cr.values)).toBeLessThanOrEqual(1);
  });

  test.each(expected.tones)("real colour $colour", ({ rgb, colour }) => {
    const width = rgb.width / 3;
    const rgba = new Uint8ClampedArray(4 * rgb.height * width).map((_, at) =>
      at % 4 < 3 ? rgb.values[3 * Math.floor(at / 4) + (at % 4)] : 255,
    );
    expect(realColour(rgba, { height: rgb.height, width })).toBeCloseTo(colour, 2);
  });

  test.each(expected.turns.map((pixels, index) => [index + 1, pixels] as const))(
    "turned from orientation %i",
    (orientation, pixels) => {
      const stored = {
        height: 3,
        width: 4,
        values: Uint8Array.from({ length: 12 }, (_, at) => at),
      };
      expect([...turned(stored, orientation, new Uint8Array(12)).values]).toEqual(pixels);
    },
  );

  test.each(expected.network_sizes)("%i × %i is painted at %i × %i", (h, w, height, width) => {
    expect(networkSize({ height: h, width: w }, 160)).toEqual({ height, width });
  });
});

test("neutral grey has no colour at all", () => {
  for (const level of [0, 1, 77, 255]) {
    const [, a, b] = rgbToLab(level, level, level);
    expect(Math.abs(a) + Math.abs(b)).toBeLessThan(1e-4);
  }
});

test("a part of a picture is painted as the whole is", () => {
  const model = labModel(grey, { ab: colours(expected.merges[0].ab), guidePerAb: GUIDE_PER_AB });
  const all = paint(model, { grey, region: whole(grey), picture: grey }, 1);
  const region = { left: 31, top: 17, height: 20, width: 30 };
  const values = new Uint8Array(region.height * region.width).map(
    (_, at) => grey.values[(17 + Math.floor(at / 30)) * grey.width + 31 + (at % 30)],
  );
  const part = paint(model, { grey: { ...region, values }, region, picture: grey }, 1);
  for (let row = 0; row < region.height; row++) {
    const start = 4 * ((17 + row) * grey.width + 31);
    expect([...part.subarray(120 * row, 120 * (row + 1))]).toEqual([
      ...all.subarray(start, start + 120),
    ]);
  }
});
