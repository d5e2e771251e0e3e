/** How the photo is looked at, and how buttons, keys and pointers change that. */

import { type RefObject, useMemo, useRef, useState } from "react";
import type { Size } from "../colour/plane.ts";
import { FITTED, movedBy, type Spot, type ViewBox, zoomedAt } from "./view-box.ts";

interface Measures {
  readonly frame: Size;
  readonly full: Size;
}

export interface Zoom {
  readonly box: ViewBox;
  /** What the stage has measured. */
  readonly frame: RefObject<Measures | null>;
  readonly at: (spot: Spot, factor: number) => void;
  readonly move: (by: Spot) => void;
  readonly inMiddle: (factor: number) => void;
  readonly fit: () => void;
}

export function useZoom(): Zoom {
  const [box, setBox] = useState(FITTED);
  const frame = useRef<Measures | null>(null);
  const moves = useMemo(() => {
    const change = (how: (measures: Measures, box: ViewBox) => ViewBox): void => {
      setBox((before) => (frame.current ? how(frame.current, before) : before));
    };
    const at = (spot: Spot, factor: number): void =>
      change(({ frame, full }, before) => zoomedAt(full, frame, before, { at: spot, factor }));
    return {
      at,
      move: (by: Spot) => change(({ frame, full }, before) => movedBy(full, frame, before, by)),
      inMiddle: (factor: number) => {
        const size = frame.current?.frame;
        if (size) at({ x: size.width / 2, y: size.height / 2 }, factor);
      },
      fit: () => setBox(FITTED),
    };
  }, []);
  return { box, frame, ...moves };
}
