/** What an ICC profile says about grey (ICC.1:2022, 10.6 and 10.18), as photochrom/media/icc.py. */

import type { Tone } from "../colour/chroma.ts";
import { srgbToLinear } from "../colour/srgb.ts";
import { type Bytes, textOf, uint16, uint32, viewOf } from "./bytes.ts";

const HEADER_BYTES = 128;
const MOST_TAGS = 200;

export interface Profile {
  readonly space: string; // "GRAY", "RGB ", …
  readonly connection: string; // "XYZ " or "Lab "
  readonly tags: ReadonlyMap<string, Bytes>;
}

/** Null when the profile is absent or damaged. */
export function parseProfile(icc: Bytes | null): Profile | null {
  if (!icc || icc.length < HEADER_BYTES + 4 || textOf(icc, 36, 40) !== "acsp") return null;
  const count = uint32(icc, HEADER_BYTES);
  if (count > MOST_TAGS || icc.length < HEADER_BYTES + 4 + 12 * count) return null;
  const tags = new Map<string, Bytes>();
  for (let entry = HEADER_BYTES + 4; entry < HEADER_BYTES + 4 + 12 * count; entry += 12) {
    const [offset, length] = [uint32(icc, entry + 4), uint32(icc, entry + 8)];
    if (offset + length <= icc.length) {
      tags.set(textOf(icc, entry, entry + 4), icc.subarray(offset, offset + length));
    }
  }
  return { space: textOf(icc, 16, 20), connection: textOf(icc, 20, 24), tags };
}

/** Linear light of each of `levels` grey levels under a profile; null where that is sRGB's own. */
export function greyTone(icc: Bytes | null, levels = 256): Tone | null {
  const profile = parseProfile(icc);
  const curve = profile?.tags.get(profile.space === "GRAY" ? "kTRC" : "gTRC");
  if (!profile || !curve) return null;
  const evaluate = curveOf(curve);
  if (!evaluate) return null;
  const isLab = profile.space === "GRAY" && profile.connection === "Lab ";
  const tone = Float32Array.from({ length: levels }, (_, level) => {
    const value = Math.min(Math.max(evaluate(level / (levels - 1)), 0), 1);
    return isLab ? luminanceOf(100 * value) : value;
  });
  return saysSrgb(tone) ? null : tone;
}

function curveOf(tag: Bytes): ((position: number) => number) | null {
  const kind = textOf(tag, 0, 4);
  if (kind === "curv") return sampledCurve(tag);
  return kind === "para" ? parametricCurve(tag) : null;
}

function sampledCurve(tag: Bytes): ((position: number) => number) | null {
  const count = uint32(tag, 8);
  if (tag.length < 12 + 2 * count) return null;
  if (count === 0) return (position) => position;
  const sample = (index: number): number => uint16(tag, 12 + 2 * index);
  if (count === 1) return (position) => position ** (sample(0) / 256);
  return (position) => {
    const place = position * (count - 1);
    const first = Math.min(Math.floor(place), count - 2);
    return (sample(first) + (sample(first + 1) - sample(first)) * (place - first)) / 65535;
  };
}

/** From d on Y = (aX + b)^gamma + e, below it Y = cX + f (table 68). */
function parametricCurve(tag: Bytes): ((position: number) => number) | null {
  const kind = uint16(tag, 8);
  const count = [1, 3, 4, 5, 7][kind];
  if (!count || tag.length < 12 + 4 * count) return null;
  const view = viewOf(tag);
  const given = Array.from({ length: 7 }, (_, index) =>
    index < count ? view.getInt32(12 + 4 * index) / 65536 : 0,
  );
  let [gamma, a, b, c, d, e, f] = given;
  if (gamma < 0) return null;
  if (kind === 0) [a, d] = [1, -1];
  else if (kind <= 2) {
    if (a === 0) return null;
    // Below −b/a the value is the constant c, which is an offset above it too.
    const offset = kind === 2 ? c : 0;
    [c, d, e, f] = [0, -b / a, offset, offset];
  }
  return (x) => (x >= d ? Math.max(a * x + b, 0) ** gamma + e : c * x + f);
}

/** Relative luminance of L* (CIE 15:2018, 8.2.1). */
function luminanceOf(lightness: number): number {
  const fold = (lightness + 16) / 116;
  return fold > 6 / 29 ? fold ** 3 : 3 * (6 / 29) ** 2 * (fold - 4 / 29);
}

/** Whether a tone lands on sRGB's within a quarter of an 8-bit level everywhere. */
function saysSrgb(tone: Tone): boolean {
  const steps = tone.length - 1;
  const near = 0.25 / 255;
  return tone.every((value, level) => {
    const place = level / steps;
    const low = place - near <= 0 ? -1e-6 : srgbToLinear(place - near);
    return value >= low && value <= srgbToLinear(Math.min(place + near, 1)) + 1e-6;
  });
}
