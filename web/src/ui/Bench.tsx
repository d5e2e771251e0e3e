/** The photo that is looked at, with everything around it. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { texts } from "../texts/index.ts";
import { Controls } from "./Controls.tsx";
import { PictureNotice } from "./Notice.tsx";
import { Stage } from "./Stage.tsx";
import { useDarkroom, useDarkroomState } from "./use-darkroom.ts";
import { useFrame } from "./use-frame.ts";
import { useZoom } from "./use-zoom.ts";

export function Bench(): ReactNode {
  const darkroom = useDarkroom();
  const { view, preparation } = useDarkroomState();
  const zoom = useZoom();
  const isBefore = useHeldKey("b");
  const [showsOwn, showOwn] = useState(false);
  const picture = darkroom.picture();
  if (!picture) return null;
  const { facts, phase } = picture;
  const compareOwn = (wanted: boolean): void => {
    showOwn(wanted);
    if (wanted) void darkroom.showOwnColours();
  };
  return (
    <main className="bench" id="main">
      {phase === "failed" ? (
        <PictureNotice picture={picture} />
      ) : facts && view ? (
        <Stage
          picture={picture}
          facts={facts}
          view={view}
          zoom={zoom}
          isBefore={isBefore}
          showsOwn={showsOwn}
        />
      ) : (
        <EmptyStage />
      )}
      <p className="caption">
        <span className="caption-name">{picture.file.name}</span>
        {facts?.isNarrowed && <span>{texts.picture.narrowed}</span>}
        {facts?.hasColour ? (
          <>
            <span>{texts.picture.greyed}</span>
            <button
              type="button"
              className="text"
              aria-pressed={showsOwn}
              onClick={() => compareOwn(!showsOwn)}
            >
              {showsOwn ? texts.picture.grey : texts.picture.trueColours}
            </button>
          </>
        ) : (
          phase === "ready" &&
          picture.wishes.now.hints.length === 0 && (
            <span className="soft">{isTouch() ? texts.picture.tipTouch : texts.picture.tip}</span>
          )
        )}
      </p>
      {phase !== "failed" && (
        <Controls
          picture={picture}
          ownVividness={preparation.ready?.ownVividness ?? null}
          zoom={zoom}
        />
      )}
    </main>
  );
}

/** Room for a photo that is being opened. */
function EmptyStage(): ReactNode {
  const stage = useRef<HTMLDivElement>(null);
  useFrame(stage);
  return <div ref={stage} className="stage stage-waiting" aria-busy="true" />;
}

function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/** True while a key is held down, unless something is being typed. */
function useHeldKey(wanted: string): boolean {
  const [isHeld, hold] = useState(false);
  useEffect(() => {
    const change = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== wanted || event.ctrlKey || event.metaKey) return;
      if (!(event.target instanceof HTMLInputElement)) hold(event.type === "keydown");
    };
    document.addEventListener("keydown", change);
    document.addEventListener("keyup", change);
    return () => {
      document.removeEventListener("keydown", change);
      document.removeEventListener("keyup", change);
    };
  }, [wanted]);
  return isHeld;
}
