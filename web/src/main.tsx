/** The page's start: one worker for everything heavy, one darkroom for everything known. */

import "@fontsource/instrument-serif/latin-400.css";
import "./styles/base.css";
import "./styles/welcome.css";
import "./styles/bench.css";
import "./styles/controls.css";
import "./styles/panels.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keepForOffline } from "./offline/keep.ts";
import { Darkroom } from "./store/darkroom.ts";
import { App } from "./ui/App.tsx";
import { DarkroomContext } from "./ui/use-darkroom.ts";
import { studioClient } from "./worker/client.ts";

const worker = new Worker(new URL("./worker/entry.ts", import.meta.url), { type: "module" });
const studio = studioClient(worker, (loaded, total) => darkroom.modelLoaded(loaded, total));
const darkroom = new Darkroom(studio, document.baseURI, "device");

void darkroom.prepare();
void keepForOffline(darkroom);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <DarkroomContext value={darkroom}>
        <App />
      </DarkroomContext>
    </StrictMode>,
  );
}
