// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Darkroom } from "../../src/store/darkroom.ts";
import { type Picture, pictureOf } from "../../src/store/picture.ts";
import type { View } from "../../src/store/state.ts";
import { english } from "../../src/texts/english.ts";
import { Stage } from "../../src/ui/Stage.tsx";
import { AnnounceContext } from "../../src/ui/use-announce.ts";
import { DarkroomContext } from "../../src/ui/use-darkroom.ts";
import { useZoom } from "../../src/ui/use-zoom.ts";
import type { StudioCalls } from "../../src/worker/messages.ts";

const SIZE = { height: 20, width: 30 };
const FACTS = { full: SIZE, view: SIZE, hasColour: false, isNarrowed: false, canArchive: false };

afterEach(cleanup);

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    disconnect() {}
  },
);
vi.stubGlobal("matchMedia", () => ({ matches: true }));
HTMLCanvasElement.prototype.getContext = () => null;

function Shown({ view, picture }: { view: View; picture: Picture }) {
  const zoom = useZoom();
  const isPlain = { isBefore: false, showsOwn: false };
  return <Stage {...{ picture, facts: FACTS, view, zoom, ...isPlain }} />;
}

/** A stage whose photo has so many colours said, and the words that it announces. */
function stageWith(hints: number): string[] {
  const said: string[] = [];
  const studio = { palette: async () => [] } as unknown as StudioCalls;
  const darkroom = new Darkroom(studio, "", "device");
  const picture = pictureOf(new File([], "full.png"));
  const pixels = new Uint8ClampedArray(4 * SIZE.height * SIZE.width);
  const view: View = { id: picture.id, grey: pixels, colour: pixels, own: null, painted: 1 };
  darkroom.change({ pictures: [picture], selected: picture.id, view });
  const colour = [10, 20, 30] as const;
  darkroom.look({ hints: Array.from({ length: hints }, (_, x) => ({ x, y: 0, colour })) });
  render(
    <AnnounceContext value={(words) => said.push(words)}>
      <DarkroomContext value={darkroom}>
        <Shown view={view} picture={darkroom.picture() ?? picture} />
      </DarkroomContext>
    </AnnounceContext>,
  );
  return said;
}

test.each([
  [255, []],
  [256, [english.problems.tooManyHints]],
])("after %d colours another one is answered in words, or taken", (count, words) => {
  const said = stageWith(count);
  fireEvent.keyDown(screen.getByRole("application"), { key: "Enter" });
  fireEvent.click(screen.getByText(english.hint.neutral));
  expect(said).toEqual(words);
  expect(screen.queryByRole("dialog")).toBeNull();
});
