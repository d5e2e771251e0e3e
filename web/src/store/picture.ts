/** What the page knows of one photo, and how that changes. Pixels lie elsewhere. */

import type { Size } from "../colour/plane.ts";
import type { ProblemFacts } from "../texts/problem.ts";
import type { Wishes } from "../worker/messages.ts";
import { type History, historyOf } from "./history.ts";

export type Phase = "waiting" | "opening" | "colouring" | "ready" | "failed";

export interface Picture {
  readonly id: string;
  readonly file: File;
  readonly phase: Phase;
  readonly problem: ProblemFacts | null;
  readonly facts: PictureFacts | null;
  readonly wishes: History<Look>;
  /** A small picture for the strip. */
  readonly thumbnail: ImageBitmap | null;
}

/** What a person chooses for a photo; where colours are made is chosen for all. */
export type Look = Omit<Wishes, "place">;

export interface PictureFacts {
  readonly full: Size;
  readonly view: Size;
  readonly hasColour: boolean;
  readonly isNarrowed: boolean;
  readonly canArchive: boolean;
}

export const FIRST_LOOK: Look = { strength: 1, vividness: null, hints: [] };

export function pictureOf(file: File): Picture {
  return {
    id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
    file,
    phase: "waiting",
    problem: null,
    facts: null,
    wishes: historyOf(FIRST_LOOK),
    thumbnail: null,
  };
}

/** Files of which the browser says that they are something else than pictures. */
export function looksLikePicture({ type, name }: File): boolean {
  return type === "" || type.startsWith("image/") || /\.(jpe?g|png|tiff?|heic|webp)$/i.test(name);
}
