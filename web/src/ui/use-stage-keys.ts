/** The photograph by keyboard: a crosshair that moves, and a zoom. */

import type { KeyboardEvent } from "react";
import type { PictureFacts } from "../store/picture.ts";
import type { Zoom } from "./use-zoom.ts";
import { type Lie, photoSpot, type Spot } from "./view-box.ts";

const STEP_PX = 12; // of the screen; with Shift ten times as far
const DIRECTIONS: Readonly<Record<string, Spot>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
const ZOOMS: Readonly<Record<string, number>> = { "+": 1.4, "=": 1.4, "-": 1 / 1.4 };

interface Parts {
  readonly lie: Lie;
  readonly facts: PictureFacts;
  readonly zoom: Zoom;
  readonly crosshair: Spot | null;
  readonly setCrosshair: (spot: Spot | null) => void;
  readonly askAt: (spot: Spot) => void;
}

export function useStageKeys(parts: Parts): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    if (!pressed(event, parts)) return;
    event.preventDefault();
  };
}

/** False for a key that means nothing here. */
function pressed({ key, shiftKey }: KeyboardEvent, parts: Parts): boolean {
  const { facts, zoom, crosshair, setCrosshair, askAt } = parts;
  const direction = DIRECTIONS[key];
  if (direction) {
    const spot = crosshair ?? middleOf(parts);
    const far = ((shiftKey ? 10 : 1) * STEP_PX) / parts.lie.scale;
    setCrosshair({
      x: held(spot.x + direction.x * far, facts.full.width),
      y: held(spot.y + direction.y * far, facts.full.height),
    });
  } else if (key === "Enter") askAt(crosshair ?? middleOf(parts));
  else if (key === "Escape") setCrosshair(null);
  else if (key in ZOOMS) zoom.inMiddle(ZOOMS[key]);
  else if (key === "0") zoom.fit();
  else return false;
  return true;
}

function held(place: number, side: number): number {
  return Math.min(Math.max(place, 0), side - 1);
}

function middleOf({ lie, facts, zoom }: Parts): Spot {
  const frame = zoom.frame.current?.frame ?? lie;
  const middle = { x: frame.width / 2, y: frame.height / 2 };
  return (
    photoSpot(lie, facts.full, middle) ?? { x: facts.full.width / 2, y: facts.full.height / 2 }
  );
}
