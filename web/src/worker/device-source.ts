/** Colours from the network on this device: nothing of the photo leaves it. */

import { LIGHTNESS_OF_LEVEL } from "../colour/lab.ts";
import { labModel, networkSize, paint, smallLightness } from "../colour/merge.ts";
import { type Ab, type Levels, type Plane, whole } from "../colour/plane.ts";
import { GUIDE_PER_AB } from "../colour/raise.ts";
import type { Hint, Rgb } from "../hints/hint.ts";
import { layHints } from "../hints/lay.ts";
import { likelyColours } from "../hints/palette.ts";
import { hintPlanes, spotsOf } from "../hints/spots.ts";
import { lookAt, meanColours } from "../network/bins.ts";
import type { ModelListing } from "../network/model-file.ts";
import type { Painted, Painter } from "../network/painter.ts";
import { Latest } from "./latest.ts";
import type { Wishes } from "./messages.ts";
import type { Answered, ColourSource, Given, Point } from "./source.ts";

const MOST_SUGGESTED = 5;
const [WARM_PX, WARM_RUNS] = [192, 3];
const PLAIN = { place: "device", strength: 1, vividness: null } as const;

export class DeviceSource implements ColourSource {
  readonly #painter: Painter;
  readonly #plain = new WeakMap<Levels, Latest<Painted>>();
  readonly #told = new WeakMap<Levels, Latest<Painted>>();
  readonly #small = new WeakMap<Levels, Plane>();

  constructor(painter: Painter) {
    this.#painter = painter;
  }

  get listing(): ModelListing {
    return this.#painter.listing;
  }

  get ownVividness(): number | null {
    return this.#painter.bins ? this.#painter.curve.ownPlace : null;
  }

  /** A run has failed, as where a graphics card was lost: later ones would too. */
  get hasFailed(): boolean {
    return this.#painter.hasFailed;
  }

  close(): Promise<void> {
    return this.#painter.close();
  }

  async colours(given: Given, wishes: Wishes): Promise<Answered> {
    if (!this.#painter.takesHints || wishes.hints.length === 0) return this.#laid(given, wishes);
    const told = await this.#paint(given, wishes.hints);
    return this.#laid(given, wishes, told);
  }

  /** Hints laid at once, before the network has seen them. */
  draft(given: Given, wishes: Wishes): Promise<Answered> | null {
    const { hints } = wishes;
    if (!this.#painter.takesHints || hints.length === 0) return null;
    if (this.#told.get(given.grey)?.has(keyOf(hints))) return null;
    return this.#laid(given, wishes);
  }

  async palette(given: Given, wishes: Wishes, { x, y }: Point): Promise<Rgb[]> {
    const { bins, curve } = this.#painter;
    const { logits } = await this.#paint(given, wishes.hints);
    const { grey } = given;
    if (!logits || !bins) return [];
    const row = Math.min(Math.floor(y), grey.height - 1);
    const column = Math.min(Math.floor(x), grey.width - 1);
    const place = {
      down: (row + 0.5) / grey.height,
      across: (column + 0.5) / grey.width,
      lightness: LIGHTNESS_OF_LEVEL[grey.values[row * grey.width + column]],
    };
    return likelyColours(logits, bins, lookAt(curve, curve.ownPlace), place, MOST_SUGGESTED);
  }

  /** Has the browser compile what the first photo needs: a made-up one is coloured beforehand. */
  async warm(): Promise<void> {
    const [height, width] = [WARM_PX, WARM_PX];
    const values = Uint8Array.from({ length: height * width }, (_, at) => (at * 37) % 256);
    const grey = { height, width, values };
    const given = { file: new File([], ""), grey, shown: grey };
    const { colours } = await this.colours(given, { ...PLAIN, hints: [] });
    for (let run = 0; run < WARM_RUNS; run++) {
      paint(labModel(grey, colours), { grey, region: whole(grey), picture: grey }, 1);
    }
    layHints(grey, colours, spotsOf([{ x: 9, y: 9, colour: [90, 60, 30] }], grey));
  }

  /** Milliseconds of each run at `side` × `side` pixels, of a lightness that varies. */
  async time(side: number, runs: number): Promise<number[]> {
    const values = Float32Array.from({ length: side * side }, (_, at) => (at * 37) % 100);
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { milliseconds } = await this.#painter.paint(
        { height: side, width: side, values },
        null,
      );
      times.push(milliseconds);
    }
    return times;
  }

  /** The plain colours and the hints joined; `told` is what the network makes of these. */
  async #laid(given: Given, wishes: Wishes, told: Painted | null = null): Promise<Answered> {
    const { grey } = given;
    const plain = await this.#paint(given, []);
    const colours = { ab: this.#chosen(plain, wishes), guidePerAb: GUIDE_PER_AB };
    const { milliseconds } = told ?? plain;
    const spots = spotsOf(wishes.hints, grey);
    if (spots.length === 0) return { colours, milliseconds };
    const asked = told && this.#chosen(told, wishes);
    return { colours: layHints(grey, colours, spots, asked), milliseconds };
  }

  /** What the network says; anew only where the hints that it takes have changed. */
  #paint({ grey, shown }: Given, wished: readonly Hint[]): Promise<Painted> {
    const hints = this.#painter.takesHints ? wished : [];
    const kept = hints.length ? this.#told : this.#plain;
    const latest = kept.get(grey) ?? new Latest<Painted>();
    kept.set(grey, latest);
    return latest.get(keyOf(hints), () => {
      const small = this.#smallOf(shown);
      const planes = hints.length ? hintPlanes(spotsOf(hints, grey), small) : null;
      return this.#painter.paint(small, planes);
    });
  }

  /** What the network is shown of a photo, with or without hints. */
  #smallOf(shown: Levels): Plane {
    const size = networkSize(shown, this.#painter.shortSide);
    const small = this.#small.get(shown) ?? smallLightness(shown, size);
    this.#small.set(shown, small);
    return small;
  }

  /** The model's own colours, or those of another vividness. */
  #chosen({ ab, logits }: Painted, { vividness }: Wishes): Ab {
    const { bins, curve } = this.#painter;
    if (vividness === null || !logits || !bins) return ab;
    return meanColours(logits, bins, lookAt(curve, vividness));
  }
}

function keyOf(hints: readonly Hint[]): string {
  return JSON.stringify(hints);
}
