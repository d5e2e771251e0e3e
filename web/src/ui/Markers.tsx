/** Where colours were said, and the crosshair of the keyboard. */

import type { CSSProperties, ReactNode } from "react";
import { type Hint, hexOf } from "../hints/hint.ts";
import { texts } from "../texts/index.ts";
import type { Asked } from "./asked.ts";
import { type Lie, type Spot, stageSpot } from "./view-box.ts";

interface Props {
  readonly hints: readonly Hint[];
  readonly lie: Lie;
  readonly crosshair: Spot | null;
  readonly asked: Asked | null;
  readonly onAsk: (asked: Asked) => void;
}

export function Markers({ hints, lie, crosshair, asked, onAsk }: Props): ReactNode {
  const at = ({ x, y }: Spot): CSSProperties => {
    const spot = stageSpot(lie, { x: x + 0.5, y: y + 0.5 });
    return { left: spot.x, top: spot.y };
  };
  return (
    <>
      {hints.map(({ x, y, colour }, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a hint is its place in the list
          key={index}
          type="button"
          className="marker"
          data-own-pointer
          style={at({ x, y })}
          aria-label={texts.hint.marker(index + 1, hexOf(colour))}
          onClick={() => onAsk({ x, y, index })}
        >
          <span style={{ background: hexOf(colour) }} />
        </button>
      ))}
      {asked && asked.index === null && <span className="asked" style={at(asked)} />}
      {crosshair && <span className="crosshair" style={at(crosshair)} />}
    </>
  );
}
