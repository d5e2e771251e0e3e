/** What the page asks of the worker, and what comes back. */

import type { Region, Size } from "../colour/plane.ts";
import type { Hint, Rgb } from "../hints/hint.ts";
import type { ModelListing } from "../network/model-file.ts";
import type { Provider } from "../network/runtime.ts";
import type { ProblemFacts } from "../texts/problem.ts";

export type Pixels = Uint8ClampedArray<ArrayBuffer>;

/** Where colours come from. */
export type ColourPlace = "device" | "server";

/** How a photo is to be coloured. */
export interface Wishes {
  readonly place: ColourPlace;
  /** Multiplies chroma, 0…2. */
  readonly strength: number;
  /** 0 cautious … 1 vivid; null as the model has it. */
  readonly vividness: number | null;
  readonly hints: readonly Hint[];
}

export interface Ready {
  readonly model: ModelListing;
  /** Null on the server. */
  readonly provider: Provider | null;
  readonly threads: number;
  /** The model's own, 0…1; null where it has none to choose. */
  readonly ownVividness: number | null;
  /** What an offline visit needs. */
  readonly files: readonly string[];
}

export interface Opened {
  readonly full: Size;
  /** The size at which the whole photo is shown; the full one where that is small. */
  readonly view: Size;
  readonly grey: Pixels;
  /** It came with colours of its own, and was greyed. */
  readonly hasColour: boolean;
  /** It has more bits a channel than the 8 that it is saved with. */
  readonly isNarrowed: boolean;
  /** A grey JPEG whose bytes can be kept. */
  readonly canArchive: boolean;
}

export interface Coloured {
  readonly pixels: Pixels;
  readonly networkMilliseconds: number;
  /** What the network makes of the hints is still to come. */
  readonly isDraft: boolean;
}

/** A region of the photo, given in steps of `step` × `step` pixels. */
export interface Part {
  readonly region: Region;
  readonly step: number;
}

export interface Detail extends Part {
  readonly grey: Pixels;
  readonly colour: Pixels;
}

export type SaveWay = "ordinary" | "archive";

export interface Saved {
  readonly blob: Blob;
  readonly name: string;
}

/** Every answer is a promise for the page; ids are the page's own. */
export interface StudioCalls {
  /** Gets the place ready; `base` is the site's address. */
  prepare(place: ColourPlace, base: string): Promise<Ready>;
  /** `screen`, in its own pixels, is the largest size at which the whole photo is shown. */
  open(id: string, file: File, place: ColourPlace, screen: Size): Promise<Opened>;
  /** `mayDraft`: the answer may be a draft where a better one would take longer. */
  colour(id: string, wishes: Wishes, mayDraft: boolean): Promise<Coloured>;
  ownColours(id: string): Promise<Pixels>;
  detail(id: string, wishes: Wishes, part: Part): Promise<Detail>;
  palette(id: string, wishes: Wishes, x: number, y: number): Promise<Rgb[]>;
  save(id: string, wishes: Wishes, way: SaveWay): Promise<Saved>;
  close(id: string): Promise<void>;
  /** Milliseconds of each of `runs` of the device's network at `side` × `side` pixels. */
  time(side: number, runs: number): Promise<number[]>;
}

export type CallName = keyof StudioCalls;

export interface Request {
  readonly call: number;
  readonly name: CallName;
  readonly given: readonly unknown[];
}

export type Answer =
  | { readonly call: number; readonly result: unknown }
  | { readonly call: number; readonly problem: ProblemFacts }
  | { readonly loaded: number; readonly total: number };
