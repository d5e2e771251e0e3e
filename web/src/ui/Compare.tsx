/** The handle between before and after. */

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";
import { texts } from "../texts/index.ts";
import { Arrows } from "./icons.tsx";
import { edgeOf, type Lie } from "./view-box.ts";

interface Props {
  readonly lie: Lie;
  readonly frameWidth: number;
  /** 0…1 of the photo on the stage is shown as it was before. */
  readonly split: number;
  readonly onSplit: (split: number) => void;
}

const HANDLE_PX = 44;
const STEP = 0.05;
const MOVES: Readonly<Record<string, (split: number) => number>> = {
  ArrowLeft: (split) => split - STEP,
  ArrowDown: (split) => split - STEP,
  ArrowRight: (split) => split + STEP,
  ArrowUp: (split) => split + STEP,
  Home: () => 0,
  End: () => 1,
};

export function Compare({ lie, frameWidth, split, onSplit }: Props): ReactNode {
  const line = useRef<HTMLDivElement>(null);
  const [from, to] = [0, 1].map((end) => edgeOf(lie, frameWidth, end));
  const drag = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const left = line.current?.parentElement?.getBoundingClientRect().left ?? 0;
    onSplit(held((event.clientX - left - from) / (to - from)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    onSplit(held(move(split)));
  };
  const top = Math.max(lie.top, 0);
  return (
    <div
      ref={line}
      className="compare"
      style={{
        left: edgeOf(lie, frameWidth, split),
        top,
        height: lie.height + Math.min(lie.top, 0),
      }}
    >
      <div
        className="compare-handle"
        data-own-pointer
        style={{ left: handleAt(edgeOf(lie, frameWidth, split), frameWidth) }}
        role="slider"
        tabIndex={0}
        aria-label={texts.picture.compare}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * split)}
        aria-valuetext={texts.picture.compareValue(Math.round(100 * split))}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={onKeyDown}
      >
        <Arrows />
      </div>
    </div>
  );
}

/** Beside its line where that is at the stage's border, so that it can be held. */
function handleAt(edge: number, frameWidth: number): number {
  return (
    Math.min(Math.max(edge, HANDLE_PX / 2 + 4), frameWidth - HANDLE_PX / 2 - 4) -
    edge -
    HANDLE_PX / 2
  );
}

function held(split: number): number {
  return Math.min(Math.max(split, 0), 1);
}
