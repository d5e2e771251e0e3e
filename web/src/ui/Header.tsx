/** The name, the place where colour is made, and saving. */

import type { ReactNode } from "react";
import { texts } from "../texts/index.ts";
import type { ColourPlace } from "../worker/messages.ts";
import { Cloud, Lock } from "./icons.tsx";
import { SaveMenu } from "./SaveMenu.tsx";
import { useDarkroom, useDarkroomState } from "./use-darkroom.ts";

export function Header(): ReactNode {
  const { pictures } = useDarkroomState();
  return (
    <header className="header">
      <h1 className="wordmark">{texts.name}</h1>
      {!__IS_STATIC__ && <PlaceSwitch />}
      {pictures.length > 0 && <SaveMenu />}
    </header>
  );
}

const PLACES: readonly ColourPlace[] = ["device", "server"];

function PlaceSwitch(): ReactNode {
  const darkroom = useDarkroom();
  const { place } = useDarkroomState();
  return (
    <fieldset className="places">
      <legend className="unseen">{texts.place.label}</legend>
      {PLACES.map((each) => (
        <label
          key={each}
          title={each === "device" ? texts.place.devicePromise : texts.place.serverNotice}
        >
          <input
            type="radio"
            name="place"
            checked={place === each}
            onChange={() => void darkroom.choosePlace(each)}
          />
          {each === "device" ? <Lock /> : <Cloud />}
          <span>{texts.place[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
