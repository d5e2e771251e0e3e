/** Moments that benchmarks/browser_site.py measures between; browsers show them to developers too. */

import { useEffect } from "react";

export type Moment = "given" | "wished" | "shown";

export function mark(moment: Moment): void {
  performance.mark(`photochrom:${moment}`);
}

/** Marks that something has come to the screen. */
export function useShown(shown: unknown): void {
  useEffect(() => {
    if (!shown) return;
    // The frame after the next one is on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => mark("shown")));
  }, [shown]);
}
