/** Strength, vividness, undo and redo, zoom. */

import type { ReactNode } from "react";
import type { Picture } from "../store/picture.ts";
import { texts } from "../texts/index.ts";
import { Fit, Minus, Plus, Redo, Reset, Undo } from "./icons.tsx";
import { useDarkroom } from "./use-darkroom.ts";
import type { Zoom } from "./use-zoom.ts";

interface Props {
  readonly picture: Picture;
  readonly ownVividness: number | null;
  readonly zoom: Zoom;
}

const ZOOM_STEP = 1.5;

export function Controls({ picture, ownVividness, zoom }: Props): ReactNode {
  const darkroom = useDarkroom();
  const { past, now, future } = picture.wishes;
  const isOff = picture.phase !== "ready";
  return (
    <section className="controls" aria-label={texts.controls.label}>
      <div className="group">
        <Tool label={texts.controls.undo} isOff={past.length === 0} onPress={() => darkroom.undo()}>
          <Undo />
        </Tool>
        <Tool
          label={texts.controls.redo}
          isOff={future.length === 0}
          onPress={() => darkroom.redo()}
        >
          <Redo />
        </Tool>
        <Tool
          label={texts.controls.reset}
          isOff={past.length === 0}
          onPress={() => darkroom.reset()}
        >
          <Reset />
        </Tool>
      </div>
      <div className="sliders">
        <Slider
          label={texts.controls.strength}
          value={now.strength}
          most={2}
          isOff={isOff}
          said={texts.controls.percent(now.strength)}
          onSlide={(strength) => darkroom.look({ strength }, "strength")}
          onRest={() => darkroom.settle()}
        />
        {ownVividness !== null && (
          <Slider
            label={texts.controls.vividness}
            value={now.vividness ?? ownVividness}
            most={1}
            isOff={isOff}
            said={texts.controls.percent(now.vividness ?? ownVividness)}
            onSlide={(vividness) => darkroom.look({ vividness }, "vividness")}
            onRest={() => darkroom.settle()}
          />
        )}
      </div>
      <div className="group zooms">
        <Tool
          label={texts.controls.zoomOut}
          isOff={zoom.box.zoom <= 1}
          onPress={() => zoom.inMiddle(1 / ZOOM_STEP)}
        >
          <Minus />
        </Tool>
        <Tool label={texts.controls.fit} isOff={zoom.box.zoom <= 1} onPress={zoom.fit}>
          <Fit />
        </Tool>
        <Tool label={texts.controls.zoomIn} onPress={() => zoom.inMiddle(ZOOM_STEP)}>
          <Plus />
        </Tool>
      </div>
    </section>
  );
}

interface ToolProps {
  readonly label: string;
  readonly isOff?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function Tool({ label, isOff = false, onPress, children }: ToolProps): ReactNode {
  return (
    <button
      type="button"
      className="tool"
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly said: string;
  readonly isOff: boolean;
  readonly onSlide: (value: number) => void;
  /** The slider has been let go. */
  readonly onRest: () => void;
}

function Slider({ label, value, most, said, isOff, onSlide, onRest }: SliderProps): ReactNode {
  return (
    <label className="slider">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={most}
        step={0.01}
        value={value}
        disabled={isOff}
        aria-valuetext={said}
        style={{ ["--share" as string]: `${(100 * value) / most}%` }}
        onChange={(event) => onSlide(Number(event.target.value))}
        onPointerUp={onRest}
        onKeyUp={onRest}
        onBlur={onRest}
      />
      <output>{said}</output>
    </label>
  );
}
