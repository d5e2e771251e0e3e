/** What the palette is open for. */

import type { Spot } from "./view-box.ts";

/** A point that a colour is being chosen for; an index where it has one already. */
export interface Asked extends Spot {
  readonly index: number | null;
}
