/** ICC profiles that we write: sRGB, and sRGB's primaries with another tone curve (ICC.1:2001-04). */

import { srgbToLinear } from "../colour/srgb.ts";
import { type Bytes, concatenated, fromUint32, latin1, viewOf } from "./bytes.ts";
import { greyTone } from "./icc.ts";

type Xyz = readonly [number, number, number];

const D50: Xyz = [0.9642, 1, 0.8249]; // the profile connection space's white
const COLORANTS = {
  // IEC 61966-2-1 primaries, adapted to D50 (Bradford)
  rXYZ: [0.43607, 0.22249, 0.01392],
  gXYZ: [0.38515, 0.71687, 0.09708],
  bXYZ: [0.14307, 0.06061, 0.7141],
} as const satisfies Record<string, Xyz>;
const [SAMPLES, FINE_SAMPLES] = [1024, 4096];
const HEADER_BYTES = 128;

export function srgbProfile(): Bytes {
  const tone = Float64Array.from({ length: SAMPLES }, (_, i) => srgbToLinear(i / (SAMPLES - 1)));
  return profile("sRGB (Photochrom)", curveTag(tone));
}

/** An RGB profile with the tone of a grey one; sRGB where that has none of its own. */
export function profileFromGrey(icc: Bytes | null): Bytes {
  const tone = greyTone(icc, FINE_SAMPLES);
  if (!tone) return srgbProfile();
  const name = "sRGB primaries, the grey original's tone (Photochrom)";
  return profile(name, curveTag(tone));
}

function curveTag(tone: Float32Array | Float64Array): Bytes {
  const samples = new Uint8Array(2 * tone.length);
  tone.forEach((value, index) => {
    viewOf(samples).setUint16(2 * index, Math.round(Math.min(Math.max(value, 0), 1) * 65535));
  });
  return concatenated(latin1("curv\0\0\0\0"), fromUint32(tone.length), samples);
}

function profile(name: string, curve: Bytes): Bytes {
  const text = latin1(`${name}\0`);
  const tags: [string, Bytes][] = [
    [
      "desc",
      concatenated(latin1("desc\0\0\0\0"), fromUint32(text.length), text, new Uint8Array(78)),
    ],
    ["cprt", latin1("text\0\0\0\0No copyright, use freely\0")],
    ["wtpt", xyzTag(D50)],
    ...Object.entries(COLORANTS).map(([tag, xyz]): [string, Bytes] => [tag, xyzTag(xyz)]),
    ...["rTRC", "gTRC", "bTRC"].map((tag): [string, Bytes] => [tag, curve]),
  ];
  const start = HEADER_BYTES + 4 + 12 * tags.length;
  const places = new Map<Bytes, number>();
  const [table, body]: [Bytes[], Bytes[]] = [[], []];
  let end = start;
  for (const [tag, content] of tags) {
    if (!places.has(content)) {
      places.set(content, end);
      const padding = new Uint8Array((4 - (content.length % 4)) % 4);
      body.push(content, padding);
      end += content.length + padding.length;
    }
    table.push(latin1(tag), fromUint32(places.get(content) ?? 0), fromUint32(content.length));
  }
  return concatenated(header(end), fromUint32(tags.length), ...table, ...body);
}

/** Version 2.1, a display's, RGB to XYZ. */
function header(size: number): Bytes {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, size);
  view.setUint32(8, 0x02100000);
  bytes.set(latin1("mntrRGB XYZ "), 12);
  [2026, 1, 1].forEach((part, index) => {
    view.setUint16(24 + 2 * index, part);
  });
  bytes.set(latin1("acsp"), 36);
  view.setUint32(64, 1);
  D50.forEach((value, index) => {
    view.setInt32(68 + 4 * index, Math.round(value * 65536));
  });
  return bytes;
}

function xyzTag(xyz: Xyz): Bytes {
  const values = new Uint8Array(12);
  xyz.forEach((value, index) => {
    viewOf(values).setInt32(4 * index, Math.round(value * 65536));
  });
  return concatenated(latin1("XYZ \0\0\0\0"), values);
}
