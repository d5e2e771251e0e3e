/** What Python computed: see expected.py. */

import { readFileSync } from "node:fs";
import type { Ab, Levels, Plane } from "../src/colour/plane.ts";
import type { Hint } from "../src/hints/hint.ts";
import { FIXTURES } from "./python.ts";

interface Listed {
  readonly height: number;
  readonly width: number;
  readonly values: readonly number[];
}

interface ListedAb {
  readonly a: Listed;
  readonly b: Listed;
}

interface Expected {
  readonly grey: Listed;
  readonly merges: readonly { ab: ListedAb; strength: number; rgb: number[] }[];
  readonly cbcr: readonly { ab: ListedAb; tone: number[] | null; cb: Listed; cr: Listed }[];
  readonly hinted: {
    readonly hints: Hint[];
    readonly ab: ListedAb;
    readonly laid: ListedAb;
    readonly told: ListedAb;
    readonly laidTold: ListedAb;
    readonly lightness: Listed;
    readonly planes: number[];
  };
  readonly resized: Readonly<Record<string, Listed>>;
  readonly distribution: {
    readonly centres: [number, number][];
    readonly weights: number[];
    readonly logits: number[];
    readonly mean: ListedAb;
  };
  readonly tones: readonly { rgb: Listed; colour: number }[];
  readonly turns: readonly number[][];
  readonly profiles: Readonly<Record<string, [profile: number[], tone: number[]]>>;
  readonly network_sizes: readonly [number, number, number, number][];
}

export const expected = JSON.parse(readFileSync(`${FIXTURES}/expected.json`, "utf8")) as Expected;

export function plane({ height, width, values }: Listed): Plane {
  return { height, width, values: Float32Array.from(values) };
}

export function levels({ height, width, values }: Listed): Levels {
  return { height, width, values: Uint8Array.from(values) };
}

export function colours({ a, b }: ListedAb): Ab {
  return { a: plane(a), b: plane(b) };
}

export function meanDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return (
    Array.from(one).reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0) / one.length
  );
}

export function mostDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return Array.from(one).reduce(
    (most, value, at) => Math.max(most, Math.abs(value - other[at])),
    0,
  );
}
