import { StrictMode, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { studioClient } from "./worker/client.ts";

const worker = new Worker(new URL("./worker/entry.ts", import.meta.url), { type: "module" });
const studio = studioClient(worker, () => {});
const ready = studio.prepare(new URL("model/", document.baseURI).href);

function Thin() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [said, say] = useState("");
  useEffect(() => {
    ready.then((r) => say(JSON.stringify(r)), (e) => say(String(e)));
  }, []);
  const take = async (file: File) => {
    const start = performance.now();
    const opened = await studio.open("1", file);
    const coloured = await studio.colour("1", { strength: 1, vividness: null, hints: [] });
    const c = canvas.current;
    if (!c) return;
    c.width = opened.view.width;
    c.height = opened.view.height;
    c.getContext("2d")?.putImageData(new ImageData(coloured.pixels, c.width), 0, 0);
    say(`coloured ${Math.round(performance.now() - start)} ms, network ${coloured.networkMilliseconds}`);
  };
  return (
    <main>
      <input type="file" onChange={(e) => e.target.files?.[0] && take(e.target.files[0]).catch((x) => say(String(x)))} />
      <p>{said}</p>
      <canvas ref={canvas} />
    </main>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(<StrictMode><Thin /></StrictMode>);
