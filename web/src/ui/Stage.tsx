/** The photograph: looked at, compared, and told colours. */

import { type CSSProperties, type ReactNode, useRef, useState } from "react";
import type { Rgb } from "../hints/hint.ts";
import { useShown } from "../store/moments.ts";
import type { Picture, PictureFacts } from "../store/picture.ts";
import type { View } from "../store/state.ts";
import { texts } from "../texts/index.ts";
import { asProblem } from "../texts/problem.ts";
import type { Detail } from "../worker/messages.ts";
import type { Asked } from "./asked.ts";
import { Compare } from "./Compare.tsx";
import { Markers } from "./Markers.tsx";
import { PixelCanvas } from "./PixelCanvas.tsx";
import { Swatches } from "./Swatches.tsx";
import { useAnnounce } from "./use-announce.ts";
import { useDarkroom } from "./use-darkroom.ts";
import { useDetail } from "./use-detail.ts";
import { useFrame } from "./use-frame.ts";
import { useGestures } from "./use-gestures.ts";
import { useReveal } from "./use-reveal.ts";
import { useStageKeys } from "./use-stage-keys.ts";
import type { Zoom } from "./use-zoom.ts";
import { edgeOf, type Lie, lieOf, photoSpot, type Spot, stageSpot } from "./view-box.ts";

interface Props {
  readonly picture: Picture;
  readonly facts: PictureFacts;
  readonly view: View;
  readonly zoom: Zoom;
  readonly isBefore: boolean;
  readonly showsOwn: boolean;
}

export function Stage({ picture, facts, view, zoom, isBefore, showsOwn }: Props): ReactNode {
  const stage = useRef<HTMLDivElement>(null);
  const darkroom = useDarkroom();
  const announce = useAnnounce();
  const frame = useFrame(stage);
  const [asked, ask] = useState<Asked | null>(null);
  const [crosshair, setCrosshair] = useState<Spot | null>(null);
  const [split, setSplit] = useReveal(view);
  useShown(view.colour);
  const lie = lieOf(facts.full, frame, zoom.box);
  const detail = useDetail(facts, lie, frame, view.painted);
  zoom.frame.current = { frame, full: facts.full };
  const { hints } = picture.wishes.now;

  const askAt = (spot: Spot): void =>
    ask({ x: Math.floor(spot.x), y: Math.floor(spot.y), index: null });
  useGestures(stage, {
    onTap: (at) => {
      const spot = photoSpot(lie, facts.full, at);
      if (asked || !spot) ask(null);
      else if (view.colour) askAt(spot);
    },
    onMove: zoom.move,
    onZoom: zoom.at,
  });
  const onKeyDown = useStageKeys({ lie, facts, zoom, crosshair, setCrosshair, askAt });
  const say = (colour: Rgb): void => {
    if (!asked) return;
    try {
      darkroom.say({ x: asked.x, y: asked.y, colour }, asked.index ?? indexAt(hints, asked));
    } catch (error) {
      announce(texts.problems[asProblem(error).code], "problem");
    }
  };
  const close = (): void => {
    ask(null);
    stage.current?.focus();
  };
  const shownSplit = isBefore ? 1 : split;
  const edge = edgeOf(lie, frame.width, shownSplit);
  const before = showsOwn && view.own ? view.own : view.grey;
  return (
    <div className="desk">
      <div
        ref={stage}
        className={view.colour ? "stage" : "stage stage-waiting"}
        role="application"
        aria-label={`${texts.picture.label}. ${texts.picture.help}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys above are its own
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setCrosshair(null)}
      >
        <Print lie={lie} detail={detail} kind="colour">
          <PixelCanvas
            pixels={view.colour ?? view.grey}
            size={facts.view}
            label={texts.picture.canvas(picture.file.name)}
          />
        </Print>
        <div className="before" style={{ clipPath: `inset(0 calc(100% - ${edge}px) 0 0)` }}>
          <Print lie={lie} detail={showsOwn ? null : detail} kind="grey">
            <PixelCanvas pixels={before} size={facts.view} />
          </Print>
        </div>
        {view.colour && (
          <Compare lie={lie} frameWidth={frame.width} split={shownSplit} onSplit={setSplit} />
        )}
        <Markers hints={hints} lie={lie} crosshair={crosshair} asked={asked} onAsk={ask} />
      </div>
      {asked && (
        <Swatches
          key={`${asked.x} ${asked.y} ${asked.index}`}
          asked={asked}
          at={stageSpot(lie, { x: asked.x + 0.5, y: asked.y + 0.5 })}
          view={view}
          facts={facts}
          onSay={say}
          onClose={close}
        />
      )}
    </div>
  );
}

/** A colour chosen again for the same point takes the first one's place. */
function indexAt(hints: readonly Spot[], { x, y }: Spot): number | null {
  const found = hints.findIndex((hint) => hint.x === x && hint.y === y);
  return found < 0 ? null : found;
}

interface PrintProps {
  readonly lie: Lie;
  readonly detail: Detail | null;
  readonly kind: "colour" | "grey";
  readonly children: ReactNode;
}

/** The whole view, and over it the part that is sharper. */
function Print({ lie, detail, kind, children }: PrintProps): ReactNode {
  const style: CSSProperties = {
    transform: `translate(${lie.left}px, ${lie.top}px)`,
    width: lie.width,
    height: lie.height,
  };
  return (
    <div className="print" style={style}>
      {children}
      {detail && (
        <div className="detail" style={placeOf(detail, lie)}>
          <PixelCanvas pixels={detail[kind]} size={detail.region} />
        </div>
      )}
    </div>
  );
}

function placeOf({ region, step }: Detail, { scale }: Lie): CSSProperties {
  const px = step * scale;
  return {
    left: region.left * px,
    top: region.top * px,
    width: region.width * px,
    height: region.height * px,
  };
}
