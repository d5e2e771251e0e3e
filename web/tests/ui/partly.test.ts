import { expect, test } from "vitest";
import type { PictureFacts } from "../../src/store/picture.ts";
import { partNeeded } from "../../src/ui/use-detail.ts";
import { FITTED, lieOf, zoomedAt } from "../../src/ui/view-box.ts";

const FRAME = { height: 628, width: 1028 };

function facts(height: number, width: number, view: number): PictureFacts {
  return {
    full: { height, width },
    view: { height: height / view, width: width / view },
    hasColour: false,
    isNarrowed: false,
    canArchive: true,
  };
}

test("a photo that is shown whole needs nothing sharper", () => {
  const photo = facts(3000, 4000, 2.4);
  expect(partNeeded(photo, lieOf(photo.full, FRAME, FITTED), FRAME)).toBeNull();
  const small = facts(900, 1200, 1);
  const box = zoomedAt(small.full, FRAME, FITTED, { at: { x: 500, y: 300 }, factor: 4 });
  expect(partNeeded(small, lieOf(small.full, FRAME, box), FRAME)).toBeNull();
});

test("what is zoomed into is asked for as sharp as the screen, within the photo", () => {
  const photo = facts(12_000, 16_000, 10);
  for (const factor of [4, 9, 30]) {
    const box = zoomedAt(photo.full, FRAME, FITTED, { at: { x: 114, y: 14 }, factor });
    const lie = lieOf(photo.full, FRAME, box);
    const part = partNeeded(photo, lie, FRAME);
    if (!part) throw new Error("nothing is asked for");
    const { region, step } = part;
    expect(step * lie.scale).toBeLessThanOrEqual(2);
    expect(region.left).toBeGreaterThanOrEqual(0);
    expect((region.left + region.width) * step).toBeLessThanOrEqual(16_000);
    expect(region.width * region.height).toBeLessThan(4e6);
  }
});
