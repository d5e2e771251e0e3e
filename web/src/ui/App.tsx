/** The whole page. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { texts } from "../texts/index.ts";
import { Bench } from "./Bench.tsx";
import { Camera } from "./Camera.tsx";
import { Header } from "./Header.tsx";
import { ModelNotice } from "./Notice.tsx";
import { Strip } from "./Strip.tsx";
import { AnnounceContext, type Tone } from "./use-announce.ts";
import { useDarkroom, useDarkroomState } from "./use-darkroom.ts";
import { useIncoming } from "./use-incoming.ts";
import { Welcome } from "./Welcome.tsx";

const SHOWN_MS = 5000;

interface Said {
  readonly words: string;
  readonly tone: Tone;
}

export function App(): ReactNode {
  const darkroom = useDarkroom();
  const { pictures, selected } = useDarkroomState();
  const [said, say] = useState<Said | null>(null);
  const [isCameraOpen, openCamera] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const taker = useRef<HTMLInputElement>(null);
  const take = (files: Iterable<File>): void => darkroom.add(files);
  const isOver = useIncoming(take);
  useUndoKeys();
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => say(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const choose = (): void => chooser.current?.click();
  const photograph = (): void => {
    // Phones have a camera program, which takes better pictures than a page.
    if (matchMedia("(pointer: coarse)").matches) taker.current?.click();
    else openCamera(true);
  };
  return (
    <AnnounceContext value={(words, tone = "news") => say({ words, tone })}>
      <a className="skip" href="#main">
        {texts.skip}
      </a>
      <Header />
      {pictures.length === 0 ? (
        <Welcome onChoose={choose} onCamera={photograph} />
      ) : (
        <>
          <Bench key={selected} />
          <Strip onAdd={choose} />
        </>
      )}
      <ModelNotice />
      <FileInput ref={chooser} label={texts.welcome.choose} multiple onTake={take} />
      <FileInput ref={taker} label={texts.welcome.camera} capture="environment" onTake={take} />
      {isCameraOpen && (
        <Camera onTake={(photo) => take([photo])} onClose={() => openCamera(false)} />
      )}
      {isOver && <div className="drop">{texts.welcome.drop}</div>}
      <div className={said ? `toast toast-${said.tone}` : "unseen"} role="status">
        {said?.words}
      </div>
      <Progress />
    </AnnounceContext>
  );
}

interface FileInputProps {
  readonly ref: React.RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly multiple?: boolean;
  readonly capture?: "environment";
  readonly onTake: (files: Iterable<File>) => void;
}

/** Pressed by buttons that look better. */
function FileInput({ ref, label, onTake, ...kind }: FileInputProps): ReactNode {
  return (
    <input
      ref={ref}
      type="file"
      accept="image/*,.tif,.tiff,.heic,.jp2"
      aria-label={label}
      hidden
      onChange={(event) => {
        onTake([...(event.target.files ?? [])]);
        event.target.value = ""; // so that the same file can be chosen again
      }}
      {...kind}
    />
  );
}

/** What has become of the newest photo, for those who do not see it. */
function Progress(): ReactNode {
  const { pictures } = useDarkroomState();
  const last = pictures.findLast(({ phase }) => phase === "ready" || phase === "failed");
  const words =
    last?.phase === "failed" && last.problem
      ? texts.announce.failed(last.file.name, texts.problems[last.problem.code])
      : last && texts.announce.ready(last.file.name);
  return (
    <div className="unseen" aria-live="polite">
      {words}
    </div>
  );
}

function useUndoKeys(): void {
  const darkroom = useDarkroom();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) darkroom.redo();
      else darkroom.undo();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [darkroom]);
}
