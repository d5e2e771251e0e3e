/** The part of a large photo on the stage, as sharp as the screen, a moment after it has come to rest. */

import { useEffect, useState } from "react";
import type { Size } from "../colour/plane.ts";
import type { PictureFacts } from "../store/picture.ts";
import type { Detail, Part } from "../worker/messages.ts";
import { useDarkroom } from "./use-darkroom.ts";
import { type Lie, visiblePart } from "./view-box.ts";

const REST_MS = 140;
const SHARP_ENOUGH = 1.15; // screen pixels per pixel of what is shown anyway

/** Null while the whole view is as sharp as need be. `painted` counts the colours asked for. */
export function useDetail(
  facts: PictureFacts,
  lie: Lie,
  frame: Size,
  painted: number,
): Detail | null {
  const darkroom = useDarkroom();
  const [detail, setDetail] = useState<Detail | null>(null);
  const part = partNeeded(facts, lie, frame);
  const key = part ? JSON.stringify(part) : "";
  useEffect(() => {
    if (key === "" || painted === 0) return setDetail(null);
    let isWanted = true;
    const timer = setTimeout(async () => {
      const found = await darkroom.detail(JSON.parse(key) as Part)?.catch(() => null);
      if (isWanted) setDetail(found ?? null);
    }, REST_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [key, painted, darkroom]);
  return detail;
}

export function partNeeded({ full, view }: PictureFacts, lie: Lie, frame: Size): Part | null {
  const ratio = globalThis.devicePixelRatio || 1;
  const perPixel = lie.scale * ratio;
  if (perPixel * (full.width / view.width) <= SHARP_ENOUGH || full.width === view.width)
    return null;
  const step = 2 ** Math.max(0, Math.floor(Math.log2(1 / perPixel)));
  const { from, to } = visiblePart(lie, full, frame);
  const [left, top] = [Math.floor(from.x / step), Math.floor(from.y / step)];
  const width = Math.floor(to.x / step) - left;
  const height = Math.floor(to.y / step) - top;
  return width > 0 && height > 0 ? { region: { left, top, width, height }, step } : null;
}
