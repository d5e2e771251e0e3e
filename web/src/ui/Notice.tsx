/** What stands in the way, in words, and what to do about it. */

import type { ReactNode } from "react";
import type { Picture } from "../store/picture.ts";
import { texts } from "../texts/index.ts";
import type { ProblemFacts } from "../texts/problem.ts";
import { useDarkroom, useDarkroomState } from "./use-darkroom.ts";

const SERVER_READS: readonly string[] = ["notAPicture", "rareJpeg", "modelFailed"];

/** The model on its way, or why it did not come. */
export function ModelNotice(): ReactNode {
  const { preparation, pictures } = useDarkroomState();
  const { ready, problem, loaded } = preparation;
  if (problem) {
    return (
      <div className="notice" role="alert">
        <p>{texts.problems[problem.code]}</p>
        <Retry />
        <UseServer />
      </div>
    );
  }
  if (ready || pictures.length === 0) return null;
  const words =
    loaded < 1 ? texts.model.loading(Math.round(100 * loaded)) : `${texts.model.starting} …`;
  return (
    <div className="notice notice-quiet" role="status">
      <p>{words}</p>
      <progress value={loaded} max={1} aria-label={words} />
    </div>
  );
}

/** Why a photo could not be coloured. */
export function PictureNotice({ picture }: { picture: Picture }): ReactNode {
  const { preparation } = useDarkroomState();
  const problem = picture.problem ?? ({ code: "unexpected", detail: "" } satisfies ProblemFacts);
  return (
    <div className="failed" role="alert">
      <h2>{texts.picture.failed(picture.file.name)}</h2>
      <p>{texts.problems[problem.code]}</p>
      {problem.code.startsWith("server") && <p className="soft">{problem.detail}</p>}
      {problem.code === "modelFailed" && preparation.ready && <Retry />}
      {SERVER_READS.includes(problem.code) && <UseServer asks={texts.serverMayHelp} />}
    </div>
  );
}

function Retry(): ReactNode {
  const darkroom = useDarkroom();
  return (
    <button type="button" className="secondary" onClick={() => void darkroom.retry()}>
      {texts.model.retry}
    </button>
  );
}

function UseServer({ asks }: { asks?: string }): ReactNode {
  const darkroom = useDarkroom();
  const { place } = useDarkroomState();
  if (__IS_STATIC__ || place === "server") return null;
  return (
    <>
      {asks && <p>{asks}</p>}
      <button
        type="button"
        className="secondary"
        onClick={() => void darkroom.choosePlace("server")}
      >
        {texts.model.useServer}
      </button>
    </>
  );
}
