/** Where a photo lies on the stage: fitted, zoomed, moved. Pure arithmetic in CSS pixels. */

import type { Size } from "../colour/plane.ts";

/** How a photo is looked at: how much larger than fitted, and what of it lies in the middle. */
export interface ViewBox {
  readonly zoom: number;
  /** Shares 0…1 of the photo's sides. */
  readonly x: number;
  readonly y: number;
}

/** The photo's rectangle on the stage, and CSS pixels per photo pixel. */
export interface Lie extends Size {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export const FITTED: ViewBox = { zoom: 1, x: 0.5, y: 0.5 };
const MOST_ENLARGED = 3; // CSS pixels per photo pixel, of a small photo that is fitted
const MARGIN_PX = 14; // around a fitted photo, for its shadow
const MOST_SCALE = 6;
const LEAST_MOST_ZOOM = 4;

export function fittedScale(full: Size, frame: Size): number {
  const [wide, tall] = [frame.width, frame.height].map((side) => Math.max(side - 2 * MARGIN_PX, 1));
  return Math.min(wide / full.width, tall / full.height, MOST_ENLARGED);
}

export function mostZoom(full: Size, frame: Size): number {
  return Math.max(MOST_SCALE / fittedScale(full, frame), LEAST_MOST_ZOOM);
}

export function lieOf(full: Size, frame: Size, box: ViewBox): Lie {
  const scale = fittedScale(full, frame) * box.zoom;
  const [height, width] = [full.height * scale, full.width * scale];
  return {
    ...{ scale, height, width },
    left: placed(frame.width, width, box.x),
    top: placed(frame.height, height, box.y),
  };
}

/** A side that fits is centred; one that does not covers its frame. */
function placed(frame: number, side: number, middle: number): number {
  if (side <= frame) return (frame - side) / 2;
  return Math.min(Math.max(frame / 2 - middle * side, frame - side), 0);
}

/** The photo pixel under a spot of the stage; null beside the photo. */
export function photoSpot({ left, top, scale }: Lie, full: Size, { x, y }: Spot): Spot | null {
  const spot = { x: (x - left) / scale, y: (y - top) / scale };
  const isInside = spot.x >= 0 && spot.y >= 0 && spot.x < full.width && spot.y < full.height;
  return isInside ? spot : null;
}

export function stageSpot({ left, top, scale }: Lie, { x, y }: Spot): Spot {
  return { x: left + x * scale, y: top + y * scale };
}

/** Zoomed so that what lies under a spot of the stage stays there. */
export function zoomedAt(
  full: Size,
  frame: Size,
  box: ViewBox,
  { at, factor }: { at: Spot; factor: number },
): ViewBox {
  const zoom = Math.min(Math.max(box.zoom * factor, 1), mostZoom(full, frame));
  const lie = lieOf(full, frame, box);
  const [x, y] = [(at.x - lie.left) / lie.width, (at.y - lie.top) / lie.height];
  const ratio = zoom / box.zoom;
  const middle = (spot: number, share: number, side: number, frameSide: number): number =>
    share + (frameSide / 2 - spot) / (side * ratio);
  return held(full, frame, {
    zoom,
    x: middle(at.x, x, lie.width, frame.width),
    y: middle(at.y, y, lie.height, frame.height),
  });
}

/** Moved by CSS pixels. */
export function movedBy(full: Size, frame: Size, box: ViewBox, by: Spot): ViewBox {
  const { height, width } = lieOf(full, frame, box);
  return held(full, frame, { ...box, x: box.x - by.x / width, y: box.y - by.y / height });
}

/** No farther than where the photo's edge meets the frame's. */
function held(full: Size, frame: Size, box: ViewBox): ViewBox {
  const scale = fittedScale(full, frame) * box.zoom;
  const margin = (frameSide: number, side: number): number =>
    Math.min(frameSide / (2 * side * scale), 0.5);
  const [across, down] = [margin(frame.width, full.width), margin(frame.height, full.height)];
  return {
    zoom: box.zoom,
    x: Math.min(Math.max(box.x, across), 1 - across),
    y: Math.min(Math.max(box.y, down), 1 - down),
  };
}

/** The part of the photo on the stage, with some room around it, in photo pixels. */
export function visiblePart(lie: Lie, full: Size, frame: Size): { from: Spot; to: Spot } {
  const [roomX, roomY] = [0.1 * frame.width, 0.1 * frame.height];
  const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
  return {
    from: {
      x: clamp((-roomX - lie.left) / lie.scale, full.width),
      y: clamp((-roomY - lie.top) / lie.scale, full.height),
    },
    to: {
      x: clamp((frame.width + roomX - lie.left) / lie.scale, full.width),
      y: clamp((frame.height + roomY - lie.top) / lie.scale, full.height),
    },
  };
}

/** Where on the stage what was before ends. */
export function edgeOf(lie: Lie, frameWidth: number, split: number): number {
  const [from, to] = [Math.max(lie.left, 0), Math.min(lie.left + lie.width, frameWidth)];
  return from + (to - from) * split;
}
