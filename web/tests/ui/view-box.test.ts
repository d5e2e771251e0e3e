import { describe, expect, test } from "vitest";
import {
  edgeOf,
  FITTED,
  lieOf,
  mostZoom,
  movedBy,
  photoSpot,
  stageSpot,
  visiblePart,
  zoomedAt,
} from "../../src/ui/view-box.ts";

const FULL = { height: 3000, width: 4000 };
const FRAME = { height: 628, width: 1028 };

describe("a photo on the stage", () => {
  test("is fitted with a margin, in the middle", () => {
    expect(lieOf(FULL, FRAME, FITTED)).toEqual({
      scale: 0.2,
      height: 600,
      width: 800,
      left: 114,
      top: 14,
    });
  });

  test("keeps what lies under the pointer there while it is zoomed", () => {
    const at = { x: 400, y: 300 };
    const before = photoSpot(lieOf(FULL, FRAME, FITTED), FULL, at);
    const box = zoomedAt(FULL, FRAME, FITTED, { at, factor: 5 });
    const after = photoSpot(lieOf(FULL, FRAME, box), FULL, at);
    expect(after?.x).toBeCloseTo(before?.x ?? 0, 6);
    expect(after?.y).toBeCloseTo(before?.y ?? 0, 6);
  });

  test("is zoomed no further than its pixels are large, and never smaller than fitted", () => {
    const at = { x: 0, y: 0 };
    expect(zoomedAt(FULL, FRAME, FITTED, { at, factor: 1e6 }).zoom).toBe(mostZoom(FULL, FRAME));
    expect(zoomedAt(FULL, FRAME, FITTED, { at, factor: 0.1 }).zoom).toBe(1);
  });

  test("cannot be moved out of its frame", () => {
    const box = zoomedAt(FULL, FRAME, FITTED, { at: { x: 514, y: 314 }, factor: 4 });
    const lie = lieOf(FULL, FRAME, movedBy(FULL, FRAME, box, { x: 1e5, y: -1e5 }));
    expect(lie.left).toBeCloseTo(0, 6);
    expect(lie.top + lie.height).toBeCloseTo(FRAME.height, 6);
  });

  test("has no pixel beside itself", () => {
    const lie = lieOf(FULL, FRAME, FITTED);
    expect(photoSpot(lie, FULL, { x: 20, y: 300 })).toBeNull();
    const spot = { x: 1234, y: 567 };
    expect(photoSpot(lie, FULL, stageSpot(lie, spot))?.x).toBeCloseTo(1234, 6);
  });

  test("shows what was before on its left", () => {
    const lie = lieOf(FULL, FRAME, FITTED);
    expect([0, 0.5, 1].map((split) => edgeOf(lie, FRAME.width, split))).toEqual([114, 514, 914]);
  });

  test("asks for no more than can be seen, with some room", () => {
    const box = zoomedAt(FULL, FRAME, FITTED, { at: { x: 514, y: 314 }, factor: 10 });
    const { from, to } = visiblePart(lieOf(FULL, FRAME, box), FULL, FRAME);
    expect(to.x - from.x).toBeCloseTo(1.2 * (FRAME.width / 2), 3);
  });
});
