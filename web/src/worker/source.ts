/** Where colours come from: this device or our server. */

import type { Colours, Levels } from "../colour/plane.ts";
import type { Rgb } from "../hints/hint.ts";
import type { ModelListing } from "../network/model-file.ts";
import type { Wishes } from "./messages.ts";

/** A photo as sources know it: the file, and its upright grey. */
export interface Given {
  readonly file: File;
  readonly grey: Levels;
  /** What a network is shown, made small. */
  readonly shown: Levels;
}

export interface Answered {
  readonly colours: Colours;
  readonly milliseconds: number;
}

/** A place of a photo [px]. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ColourSource {
  readonly listing: ModelListing;
  /** The place of the model's own vividness, 0…1; null where it has none to choose. */
  readonly ownVividness: number | null;
  /** The colours of a photo, small, before strength. Throws `Problem`. */
  colours(given: Given, wishes: Wishes): Promise<Answered>;
  /** The same but for what a network would first have to be asked; null where nothing is. */
  draft(given: Given, wishes: Wishes): Promise<Answered> | null;
  /** The colours that a place likely has; none where the source cannot say. */
  palette(given: Given, wishes: Wishes, at: Point): Promise<Rgb[]>;
}
