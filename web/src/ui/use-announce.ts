/** Words for everybody: shown for a while, and read aloud by screen readers. */

import { createContext, useContext } from "react";

export type Tone = "news" | "problem";
export type Announce = (words: string, tone?: Tone) => void;

export const AnnounceContext = createContext<Announce>(() => {});

export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
