/** How much is shown as it was before; a photo that has just got its colours reveals them. */

import { useEffect, useRef, useState } from "react";
import type { View } from "../store/state.ts";

const REVEAL_MS = 900;

export function useReveal(view: View): [split: number, setSplit: (split: number) => void] {
  const [split, setSplit] = useState(0);
  const revealed = useRef<string | null>(null);
  const isColoured = view.colour !== null;
  useEffect(() => {
    if (!isColoured || revealed.current === view.id) return;
    revealed.current = view.id;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return setSplit(0);
    const start = performance.now();
    let request = requestAnimationFrame(function step(now) {
      const share = Math.min((now - start) / REVEAL_MS, 1);
      setSplit((1 - share) ** 3);
      if (share < 1) request = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(request);
  }, [isColoured, view.id]);
  return [split, setSplit];
}
