/** What the page knows: its photos, which of them is looked at, and where colour comes from. */

import type { ProblemFacts } from "../texts/problem.ts";
import type { ColourPlace, Pixels, Ready } from "../worker/messages.ts";
import type { Picture } from "./picture.ts";

export interface Preparation {
  readonly ready: Ready | null;
  readonly problem: ProblemFacts | null;
  /** 0…1 of the model's bytes. */
  readonly loaded: number;
}

/** The pixels of the photo that is shown. */
export interface View {
  readonly id: string;
  readonly grey: Pixels;
  readonly colour: Pixels | null;
  readonly own: Pixels | null;
  /** Counts the pictures painted. */
  readonly painted: number;
}

export interface State {
  readonly pictures: readonly Picture[];
  readonly selected: string | null;
  readonly place: ColourPlace;
  readonly preparation: Preparation;
  readonly view: View | null;
  readonly saving: boolean;
}

export const UNPREPARED: Preparation = { ready: null, problem: null, loaded: 0 };
