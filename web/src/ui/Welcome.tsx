/** What one sees first: what the page does, and every way to give it a photograph. */

import type { ReactNode } from "react";
import heroColour from "../../pictures/hero-colour.jpg?url";
import heroGrey from "../../pictures/hero-grey.jpg?url";
import { texts } from "../texts/index.ts";
import { EXAMPLES, type Example, fetchExample } from "./examples.ts";
import { Camera, Lock } from "./icons.tsx";
import { useDarkroom, useDarkroomState } from "./use-darkroom.ts";

interface Props {
  readonly onChoose: () => void;
  readonly onCamera: () => void;
}

export function Welcome({ onChoose, onCamera }: Props): ReactNode {
  const { place } = useDarkroomState();
  return (
    <main className="welcome" id="main">
      <figure className="hero" role="img" aria-label={texts.welcome.hero}>
        <img src={heroGrey} alt="" width="640" height="640" />
        <img src={heroColour} alt="" width="640" height="640" className="hero-colour" />
      </figure>
      <div className="welcome-words">
        <h2>{texts.welcome.headline}</h2>
        <div className="welcome-ways">
          <button type="button" className="primary" onClick={onChoose}>
            {texts.welcome.choose}
          </button>
          <button type="button" className="secondary" onClick={onCamera}>
            <Camera />
            {texts.welcome.camera}
          </button>
        </div>
        <p className="soft or-drop">{texts.welcome.orDrop}</p>
        <p className="promise">
          {place === "device" && <Lock />}
          {place === "device" ? texts.place.devicePromise : texts.place.serverNotice}
        </p>
        <p className="soft">{texts.welcome.honest}</p>
        <h3 className="soft">{texts.welcome.examples}</h3>
        <ul className="examples">
          {EXAMPLES.map((example) => (
            <ExampleButton key={example.name} example={example} />
          ))}
        </ul>
      </div>
    </main>
  );
}

function ExampleButton({ example }: { example: Example }): ReactNode {
  const darkroom = useDarkroom();
  const title = texts.welcome.exampleNames[example.name];
  return (
    <li>
      <button
        type="button"
        aria-label={texts.welcome.example(title)}
        title={title}
        onClick={async () => darkroom.add([await fetchExample(example)])}
      >
        <img src={example.url} alt="" width="72" height="72" loading="lazy" />
      </button>
    </li>
  );
}
