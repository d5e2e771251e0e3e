/** The colours that a point may get: likely ones first, then any. */

import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { LIGHTNESS_OF_LEVEL } from "../colour/lab.ts";
import { hexOf, type Rgb, rgbOf } from "../hints/hint.ts";
import { shown } from "../hints/palette.ts";
import type { PictureFacts } from "../store/picture.ts";
import type { View } from "../store/state.ts";
import { texts } from "../texts/index.ts";
import type { Asked } from "./asked.ts";
import { Cross } from "./icons.tsx";
import { useDarkroom } from "./use-darkroom.ts";
import type { Spot } from "./view-box.ts";

interface Props {
  readonly asked: Asked;
  /** Of the stage. */
  readonly at: Spot;
  readonly view: View;
  readonly facts: PictureFacts;
  readonly onSay: (colour: Rgb) => void;
  readonly onClose: () => void;
}

/** a* and b* of colours that photographs often have: skin, wood, brick, gold, leaves, sky, cloth. */
const USUAL_AB = [
  [14, 20],
  [12, 34],
  [38, 30],
  [52, 22],
  [8, 58],
  [-18, 30],
  [-30, 8],
  [-10, -26],
  [14, -46],
  [32, -24],
] as const;
const WIDTH_PX = 268; // of the panel

export function Swatches({ asked, at, view, facts, onSay, onClose }: Props): ReactNode {
  const darkroom = useDarkroom();
  const panel = useRef<HTMLDivElement>(null);
  const [likely, setLikely] = useState<readonly Rgb[] | null>(null);
  const [height, setHeight] = useState(0);
  const lightness = lightnessAt(asked, view, facts);
  const usual = USUAL_AB.map(([a, b]) => shown(lightness, a, b));
  useEffect(() => {
    let isOpen = true;
    darkroom.palette(asked.x, asked.y).then(
      (colours) => isOpen && setLikely(colours),
      () => isOpen && setLikely([]),
    );
    panel.current?.querySelector("button")?.focus();
    return () => {
      isOpen = false;
    };
  }, [darkroom, asked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: likely colours make the panel taller
  useLayoutEffect(() => setHeight(panel.current?.offsetHeight ?? 0), [likely]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onClose();
  };
  const remove = (): void => {
    if (asked.index !== null) darkroom.unsay(asked.index);
    onClose();
  };
  const say = (colour: Rgb): void => {
    onSay(colour);
    onClose();
  };
  return (
    <div
      ref={panel}
      className="swatches"
      data-own-pointer
      role="dialog"
      aria-label={asked.index === null ? texts.hint.title : texts.hint.change}
      style={placeBeside(at, height)}
      onKeyDown={onKeyDown}
    >
      <header>
        <h2>{asked.index === null ? texts.hint.title : texts.hint.change}</h2>
        <button type="button" className="quiet" aria-label={texts.hint.close} onClick={onClose}>
          <Cross />
        </button>
      </header>
      {likely?.length !== 0 && <Row title={texts.hint.likely} colours={likely} onSay={say} />}
      <Row title={texts.hint.other} colours={usual} onSay={say} />
      <footer>
        <AnyColour first={likely?.[0] ?? usual[0]} onSay={onSay} />
        <button type="button" className="text" onClick={() => say(shown(lightness, 0, 0))}>
          {texts.hint.neutral}
        </button>
        {asked.index !== null && (
          <button type="button" className="text" onClick={remove}>
            {texts.hint.remove}
          </button>
        )}
      </footer>
    </div>
  );
}

interface RowProps {
  readonly title: string;
  /** Null while they are looked for. */
  readonly colours: readonly Rgb[] | null;
  readonly onSay: (colour: Rgb) => void;
}

function Row({ title, colours, onSay }: RowProps): ReactNode {
  return (
    <fieldset>
      <legend>{title}</legend>
      {colours === null && <span className="soft">{texts.hint.thinking} …</span>}
      {colours?.map((colour) => (
        <button
          key={hexOf(colour)}
          type="button"
          className="swatch"
          style={{ background: hexOf(colour) }}
          aria-label={texts.hint.swatch(hexOf(colour))}
          title={hexOf(colour)}
          onClick={() => onSay(colour)}
        />
      ))}
    </fieldset>
  );
}

/** The browser's own colour picker; the photo follows while it is open. */
function AnyColour({ first, onSay }: { first: Rgb; onSay: (colour: Rgb) => void }): ReactNode {
  const [hex, setHex] = useState<string | null>(null);
  const choose = (chosen: string): void => {
    setHex(chosen);
    const colour = rgbOf(chosen);
    if (colour) onSay(colour);
  };
  return (
    <label className="any">
      <input
        type="color"
        value={hex ?? hexOf(first)}
        onInput={(event) => choose(event.currentTarget.value)}
      />
      {texts.hint.any}
    </label>
  );
}

function lightnessAt({ x, y }: Asked, { grey }: View, { full, view }: PictureFacts): number {
  const row = Math.min(Math.floor((y * view.height) / full.height), view.height - 1);
  const column = Math.min(Math.floor((x * view.width) / full.width), view.width - 1);
  return LIGHTNESS_OF_LEVEL[grey[4 * (row * view.width + column)]];
}

/** Beside the point, on the side that has room; phones have the panel at their lower edge. */
function placeBeside({ x, y }: Spot, height: number): CSSProperties {
  const isRight = x + WIDTH_PX + 24 < globalThis.innerWidth;
  return {
    ["--x" as string]: `${isRight ? x + 20 : x - WIDTH_PX - 20}px`,
    ["--y" as string]: `${y}px`,
    ["--height" as string]: `${height}px`,
  };
}
