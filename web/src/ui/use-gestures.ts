/** Pointers on the stage: a tap, a drag, two fingers, a wheel. */

import { type RefObject, useEffect, useRef } from "react";
import type { Spot } from "./view-box.ts";

export interface Gestures {
  readonly onTap: (at: Spot) => void;
  readonly onMove: (by: Spot) => void;
  readonly onZoom: (at: Spot, factor: number) => void;
}

const SLACK_PX = 6; // a tap may tremble
const WHEEL_STEP = 0.0015;

/** Elements inside that are pressed themselves are marked with `data-own-pointer`. */
export function useGestures(element: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const latest = useRef(gestures);
  latest.current = gestures;
  useEffect(() => {
    const stage = element.current;
    if (!stage) return;
    const tracker = new Tracker(stage, latest);
    const watched = [
      ["pointerdown", tracker.down],
      ["pointermove", tracker.move],
      ["pointerup", tracker.up],
      ["pointercancel", tracker.cancel],
    ] as const;
    for (const [name, listener] of watched) stage.addEventListener(name, listener);
    stage.addEventListener("wheel", tracker.wheel, { passive: false });
    return () => {
      for (const [name, listener] of watched) stage.removeEventListener(name, listener);
      stage.removeEventListener("wheel", tracker.wheel);
    };
  }, [element]);
}

class Tracker {
  readonly #stage: HTMLElement;
  readonly #gestures: RefObject<Gestures>;
  readonly #pointers = new Map<number, Spot>();
  #start: Spot | null = null; // of what may still be a tap

  constructor(stage: HTMLElement, gestures: RefObject<Gestures>) {
    this.#stage = stage;
    this.#gestures = gestures;
  }

  readonly down = (event: PointerEvent): void => {
    if ((event.target as Element).closest("[data-own-pointer]") || event.button > 0) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#spot(event));
    this.#start = this.#pointers.size === 1 ? this.#spot(event) : null;
  };

  readonly move = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#spot(event);
    if (this.#start && distance(this.#start, now) < SLACK_PX) return;
    this.#start = null;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (!other) {
      this.#gestures.current.onMove({ x: now.x - before.x, y: now.y - before.y });
      return;
    }
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    this.#gestures.current.onMove({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
    this.#gestures.current.onZoom(middle, distance(now, other) / (distance(before, other) || 1));
  };

  readonly up = (event: PointerEvent): void => {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#start) this.#gestures.current.onTap(this.#start);
    this.#start = null;
  };

  readonly cancel = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    this.#start = null;
  };

  readonly wheel = (event: WheelEvent): void => {
    if ((event.target as Element).closest("[data-own-pointer]")) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 * event.deltaY : event.deltaY;
    const speed = event.ctrlKey ? 5 : 1; // a pinch on a touchpad comes as small steps with Ctrl
    this.#gestures.current.onZoom(this.#spot(event), Math.exp(-pixels * WHEEL_STEP * speed));
  };

  #spot({ clientX, clientY }: MouseEvent): Spot {
    const { left, top } = this.#stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

function distance(one: Spot, other: Spot): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
