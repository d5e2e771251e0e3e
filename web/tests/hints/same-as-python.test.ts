import { expect, test } from "vitest";
import { layHints } from "../../src/hints/lay.ts";
import { likelyColours } from "../../src/hints/palette.ts";
import { hintPlanes, spotsOf } from "../../src/hints/spots.ts";
import { lookAt, meanColours, readBins, readCurve } from "../../src/network/bins.ts";
import { colours, expected, levels, mostDifference, plane } from "../expected.ts";

const grey = levels(expected.grey);
const { hints, ab, laid, told, laidTold, lightness, planes } = expected.hinted;
const { centres, weights, logits, mean } = expected.distribution;
const bins = readBins(
  new Map([
    ["bin_centres", JSON.stringify(centres)],
    ["class_weights", JSON.stringify(weights)],
  ]),
);
const scores = { height: 3, width: 4, values: Float32Array.from(logits) };

test("hints spread along edges as in Python", () => {
  const spread = layHints(grey, { ab: colours(ab), guidePerAb: 4 }, spotsOf(hints, grey));
  expect(spread.guidePerAb).toBe(1);
  expect(mostDifference(spread.ab.a.values, laid.a.values)).toBeLessThan(0.1);
  expect(mostDifference(spread.ab.b.values, laid.b.values)).toBeLessThan(0.1);
});

test("what a network makes of hints counts near them, as in Python", () => {
  const spots = spotsOf(hints, grey);
  const spread = layHints(grey, { ab: colours(ab), guidePerAb: 4 }, spots, colours(told));
  expect(mostDifference(spread.ab.a.values, laidTold.a.values)).toBeLessThan(0.1);
  expect(mostDifference(spread.ab.b.values, laidTold.b.values)).toBeLessThan(0.1);
  expect(mostDifference(laid.a.values, laidTold.a.values)).toBeGreaterThan(5);
});

test("a network is shown the same discs", () => {
  const shown = hintPlanes(spotsOf(hints, grey), plane(lightness));
  expect(mostDifference(shown, planes)).toBeLessThan(0.05);
});

test("the mean colour of a distribution is Python's", () => {
  if (!bins) throw new Error("no bins");
  const found = meanColours(scores, bins, { alpha: 0.3, temperature: 0.6 });
  expect(mostDifference(found.a.values, mean.a.values)).toBeLessThan(1e-2);
  expect(mostDifference(found.b.values, mean.b.values)).toBeLessThan(1e-2);
});

test("vividness goes from cautious to vivid, through the model's own look", () => {
  const curve = readCurve(new Map());
  expect(lookAt(curve, 0)).toEqual({ alpha: 0.5, temperature: 0.7 });
  expect(lookAt(curve, 1)).toEqual({ alpha: 0, temperature: 0.35 });
  expect(lookAt(curve, curve.ownPlace).alpha).toBeCloseTo(0.2);
});

test("the likeliest colour of a place comes first, and no two are alike", () => {
  if (!bins) throw new Error("no bins");
  const place = { down: 0.4, across: 0.4, lightness: 55 };
  const palette = likelyColours(scores, bins, { alpha: 0.3, temperature: 1 }, place, 5);
  expect(palette.length).toBeGreaterThan(2);
  expect(new Set(palette.map(String)).size).toBe(palette.length);
});

test("a model that paints without choosing has no bins", () => {
  expect(readBins(new Map())).toBeNull();
});
