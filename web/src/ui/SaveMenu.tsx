/** Saving one photo, in either way, or all of them. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { saveAll } from "../store/save-all.ts";
import { texts } from "../texts/index.ts";
import { asProblem } from "../texts/problem.ts";
import type { SaveWay } from "../worker/messages.ts";
import { download } from "./download.ts";
import { Down, Save } from "./icons.tsx";
import { useAnnounce } from "./use-announce.ts";
import { useDarkroom, useDarkroomState } from "./use-darkroom.ts";

export function SaveMenu(): ReactNode {
  const darkroom = useDarkroom();
  const announce = useAnnounce();
  const { pictures, saving } = useDarkroomState();
  const [isOpen, open] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  useCloseOutside(menu, isOpen, () => open(false));
  const picture = darkroom.picture();
  const finished = pictures.filter(({ phase }) => phase === "ready");
  const isOff = saving || picture?.phase !== "ready";

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    open(false);
    try {
      await work();
    } catch (error) {
      announce(texts.problems[asProblem(error).code], "problem");
    }
  };
  const saveOne = (way: SaveWay): Promise<void> =>
    attempt(async () => {
      const { blob, name } = await darkroom.save(picture?.id ?? "", way);
      download(blob, name);
      announce(texts.announce.saved(name));
    });
  const saveEvery = (): Promise<void> =>
    attempt(async () => {
      const { zip, without } = await saveAll(darkroom, finished);
      const name = texts.save.zipName;
      download(zip, name);
      if (without.length > 0) announce(texts.save.without(name, without), "problem");
      else announce(texts.announce.saved(name));
    });
  return (
    <div className="save" ref={menu}>
      <button
        type="button"
        className="primary"
        disabled={isOff}
        onClick={() => void saveOne("ordinary")}
      >
        <Save />
        <span>{saving ? `${texts.save.working} …` : texts.save.one}</span>
      </button>
      <button
        type="button"
        className="primary save-more"
        aria-label={texts.save.more}
        aria-expanded={isOpen}
        aria-haspopup="menu"
        disabled={isOff && finished.length === 0}
        onClick={() => open(!isOpen)}
      >
        <Down />
      </button>
      {isOpen && (
        <div className="save-menu" role="menu">
          <Choice
            title={texts.save.ordinary}
            note={texts.save.ordinaryNote}
            isOff={isOff}
            onChoose={() => void saveOne("ordinary")}
          />
          {picture?.facts?.canArchive && (
            <Choice
              title={texts.save.archive}
              note={texts.save.archiveNote}
              isOff={isOff}
              onChoose={() => void saveOne("archive")}
            />
          )}
          {finished.length > 1 && (
            <Choice
              title={texts.save.all(finished.length)}
              note={texts.save.allNote}
              isOff={saving}
              onChoose={() => void saveEvery()}
            />
          )}
        </div>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly note: string;
  readonly isOff: boolean;
  readonly onChoose: () => void;
}

function Choice({ title, note, isOff, onChoose }: ChoiceProps): ReactNode {
  return (
    <button type="button" role="menuitem" disabled={isOff} onClick={onChoose}>
      <strong>{title}</strong>
      <span>{note}</span>
    </button>
  );
}

/** A press anywhere else, and Escape, close what is open. */
function useCloseOutside(
  element: React.RefObject<HTMLElement | null>,
  isOpen: boolean,
  close: () => void,
): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return;
    const onPress = (event: Event): void => {
      if (!element.current?.contains(event.target as Node)) latest.current();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") latest.current();
    };
    document.addEventListener("pointerdown", onPress);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      document.removeEventListener("keydown", onKey);
    };
  }, [element, isOpen]);
}
