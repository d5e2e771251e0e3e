/** Colours from our server, which is sent the photo; everything else stays with us. */

import { GUIDE_PER_AB } from "../colour/raise.ts";
import { hexOf, type Rgb } from "../hints/hint.ts";
import { colourModel, type ModelListing } from "../network/model-file.ts";
import type { Api, PredictQuery } from "../server/api.ts";
import { readAb } from "../server/npy.ts";
import type { Wishes } from "./messages.ts";
import type { Answered, ColourSource, Given } from "./source.ts";

const OWN_VIVIDNESS = 0.5; // as models have it that say nothing else

export class ServerSource implements ColourSource {
  readonly listing: ModelListing;
  readonly ownVividness = OWN_VIVIDNESS;
  readonly #api: Api;

  private constructor(api: Api, listing: ModelListing) {
    this.#api = api;
    this.listing = listing;
  }

  /** Throws `Problem` where the server cannot be reached, or has no model for photos. */
  static async of(api: Api): Promise<ServerSource> {
    return new ServerSource(api, colourModel(await api.models()));
  }

  async colours({ file }: Given, wishes: Wishes): Promise<Answered> {
    const start = performance.now();
    const ab = readAb(await this.#api.predict(file, this.#query(wishes)));
    // With hints in them, the colours come as large as their guide.
    const guidePerAb = wishes.hints.length ? 1 : GUIDE_PER_AB;
    return { colours: { ab, guidePerAb }, milliseconds: performance.now() - start };
  }

  draft(): null {
    return null;
  }

  async palette(): Promise<Rgb[]> {
    return [];
  }

  /** A picture that no browser reads, in colour and as the server writes it. */
  async picture(file: File, wishes: Wishes): Promise<Blob> {
    return this.#api.colorize(file, { ...this.#query(wishes), strength: wishes.strength });
  }

  /** The same picture, grey, as a JPEG. */
  async greyed(file: File): Promise<Blob> {
    return this.#api.colorize(file, {
      model: this.listing.name,
      strength: 0,
      format: "jpeg",
      quality: 95,
    });
  }

  #query({ vividness, hints }: Wishes): PredictQuery {
    return {
      model: this.listing.name,
      ...(vividness === null ? {} : { vividness }),
      ...(hints.length
        ? { hints: JSON.stringify(hints.map(({ x, y, colour }) => [x, y, hexOf(colour)])) }
        : {}),
    };
  }
}
