/** The photographs beside each other, each with its progress. */

import { type ReactNode, useEffect, useRef } from "react";
import type { Picture } from "../store/picture.ts";
import { texts } from "../texts/index.ts";
import { Cross, Plus } from "./icons.tsx";
import { useDarkroom, useDarkroomState } from "./use-darkroom.ts";

export function Strip({ onAdd }: { onAdd: () => void }): ReactNode {
  const { pictures } = useDarkroomState();
  const done = pictures.filter(({ phase }) => phase === "ready" || phase === "failed").length;
  return (
    <nav className="strip" aria-label={texts.strip.label}>
      <ul>
        {pictures.map((picture) => (
          <Frame key={picture.id} picture={picture} />
        ))}
      </ul>
      <button
        type="button"
        className="add"
        aria-label={texts.strip.add}
        title={texts.strip.add}
        onClick={onAdd}
      >
        <Plus />
      </button>
      {done < pictures.length && (
        <progress
          value={done}
          max={pictures.length}
          aria-label={texts.strip.progress(done, pictures.length)}
        />
      )}
    </nav>
  );
}

function Frame({ picture }: { picture: Picture }): ReactNode {
  const darkroom = useDarkroom();
  const { selected } = useDarkroomState();
  const { id, file, phase, thumbnail } = picture;
  return (
    <li className={`frame frame-${phase}`}>
      <button
        type="button"
        className="frame-show"
        aria-current={selected === id}
        aria-label={texts.strip.show(file.name, texts.phase[phase])}
        title={file.name}
        onClick={() => darkroom.select(id)}
      >
        {thumbnail && <Thumbnail bitmap={thumbnail} />}
        {phase === "failed" && <Cross />}
      </button>
      <button
        type="button"
        className="frame-remove"
        aria-label={texts.strip.remove(file.name)}
        title={texts.strip.remove(file.name)}
        onClick={() => darkroom.remove(id)}
      >
        <Cross />
      </button>
    </li>
  );
}

function Thumbnail({ bitmap }: { bitmap: ImageBitmap }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext("2d")?.drawImage(bitmap, 0, 0);
  }, [bitmap]);
  return <canvas ref={canvas} width={bitmap.width} height={bitmap.height} />;
}
