/** Colours from the network on this device: nothing of the photo leaves it. */

import { LIGHTNESS_OF_LEVEL } from "../colour/lab.ts";
import { networkSize, smallLightness } from "../colour/merge.ts";
import type { Ab, Levels } from "../colour/plane.ts";
import { GUIDE_PER_AB } from "../colour/raise.ts";
import type { Rgb } from "../hints/hint.ts";
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

export class DeviceSource implements ColourSource {
  readonly #painter: Painter;
  readonly #painted = new WeakMap<Levels, Latest<Painted>>();

  constructor(painter: Painter) {
    this.#painter = painter;
  }

  get listing(): ModelListing {
    return this.#painter.listing;
  }

  get ownVividness(): number | null {
    return this.#painter.bins ? this.#painter.curve.ownPlace : null;
  }

  async colours({ grey }: Given, wishes: Wishes): Promise<Answered> {
    const painted = await this.#paint(grey, wishes);
    const colours = { ab: this.#chosen(painted, wishes), guidePerAb: GUIDE_PER_AB };
    const spots = spotsOf(wishes.hints, grey);
    return {
      colours: spots.length ? layHints(grey, colours, spots) : colours,
      milliseconds: painted.milliseconds,
    };
  }

  async palette({ grey }: Given, wishes: Wishes, { x, y }: Point): Promise<Rgb[]> {
    const { bins, curve } = this.#painter;
    const { logits } = await this.#paint(grey, wishes);
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

  /** What the network says; anew only where the hints that it takes have changed. */
  #paint(grey: Levels, wishes: Wishes): Promise<Painted> {
    const hints = this.#painter.takesHints ? wishes.hints : [];
    const latest = this.#painted.get(grey) ?? new Latest<Painted>();
    this.#painted.set(grey, latest);
    return latest.get(JSON.stringify(hints), () => {
      const small = smallLightness(grey, networkSize(grey, this.#painter.shortSide));
      const planes = hints.length ? hintPlanes(spotsOf(hints, grey), small) : null;
      return this.#painter.paint(small, planes);
    });
  }

  /** The model's own colours, or those of another vividness. */
  #chosen({ ab, logits }: Painted, { vividness }: Wishes): Ab {
    const { bins, curve } = this.#painter;
    if (vividness === null || !logits || !bins) return ab;
    return meanColours(logits, bins, lookAt(curve, vividness));
  }
}
