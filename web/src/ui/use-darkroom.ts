/** The darkroom and its state, for every component. */

import { createContext, useContext, useSyncExternalStore } from "react";
import type { Darkroom } from "../store/darkroom.ts";
import type { State } from "../store/state.ts";

export const DarkroomContext = createContext<Darkroom | null>(null);

export function useDarkroom(): Darkroom {
  const darkroom = useContext(DarkroomContext);
  if (!darkroom) throw new Error("a component stands outside of the darkroom");
  return darkroom;
}

export function useDarkroomState(): State {
  const darkroom = useDarkroom();
  return useSyncExternalStore(darkroom.watch, darkroom.get);
}
