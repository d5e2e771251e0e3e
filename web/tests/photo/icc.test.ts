import { describe, expect, test } from "vitest";
import { greyTone, parseProfile } from "../../src/photo/icc.ts";
import { profileFromGrey, srgbProfile } from "../../src/photo/icc-build.ts";
import { expected, mostDifference } from "../expected.ts";

describe("grey profiles", () => {
  test.each(Object.entries(expected.profiles))(
    "of gamma %s have Python's tone",
    (_, [icc, tone]) => {
      const found = greyTone(Uint8Array.from(icc));
      if (!found) throw new Error("no tone was found");
      expect(mostDifference(found, tone)).toBeLessThan(1e-6);
    },
  );

  test("become an RGB profile with the same tone", () => {
    const grey = Uint8Array.from(expected.profiles["1.8"][0]);
    const made = profileFromGrey(grey);
    expect(parseProfile(made)?.space).toBe("RGB ");
    const [before, after] = [greyTone(grey), greyTone(made)];
    if (!before || !after) throw new Error("no tone was found");
    expect(mostDifference(before, after)).toBeLessThan(1e-3);
  });

  test("that say sRGB, nothing, or nonsense have no tone of their own", () => {
    expect(greyTone(srgbProfile())).toBeNull();
    expect(greyTone(null)).toBeNull();
    expect(greyTone(new Uint8Array(200))).toBeNull();
    expect(parseProfile(srgbProfile().subarray(0, 140))).toBeNull();
  });
});
