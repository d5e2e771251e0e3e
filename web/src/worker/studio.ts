/** Opens photos, has them coloured and hands out their pixels; keeps few in memory. */

import type { Size } from "../colour/plane.ts";
import type { Rgb } from "../hints/hint.ts";
import type { OnBytes } from "../network/model-file.ts";
import { Api } from "../server/api.ts";
import { asProblem, Problem } from "../texts/problem.ts";
import type {
  Coloured,
  ColourPlace,
  Detail,
  Opened,
  Part,
  Pixels,
  Ready,
  Saved,
  SaveWay,
  StudioCalls,
  Wishes,
} from "./messages.ts";
import { type OpenDevice, openDevice } from "./open-device.ts";
import { Print } from "./print.ts";
import { ServerSource } from "./server-source.ts";
import type { ColourSource } from "./source.ts";

const MOST_PIXELS_OPEN = 60e6; // grey levels of photos that stay decoded

export class Studio implements StudioCalls {
  readonly #onBytes: OnBytes;
  readonly #given = new Map<string, { file: File; screen: Size }>();
  readonly #prints = new Map<string, Print>(); // the least recently used first
  #device: Promise<OpenDevice> | null = null;
  #server: Promise<ServerSource> | null = null;

  constructor(onBytes: OnBytes) {
    this.#onBytes = onBytes;
  }

  async prepare(place: ColourPlace, base: string): Promise<Ready> {
    return place === "device" ? this.#prepareDevice(base) : this.#prepareServer(base);
  }

  async open(id: string, file: File, place: ColourPlace, screen: Size): Promise<Opened> {
    this.#given.set(id, { file, screen });
    return (await this.#print(id, place)).opened();
  }

  async colour(id: string, wishes: Wishes, mayDraft: boolean): Promise<Coloured> {
    const print = await this.#print(id, wishes.place);
    const source = await this.#source(wishes.place);
    return (mayDraft && (await print.drafted(wishes, source))) || print.coloured(wishes, source);
  }

  async ownColours(id: string): Promise<Pixels> {
    return (await this.#print(id, "device")).ownColours();
  }

  async detail(id: string, wishes: Wishes, part: Part): Promise<Detail> {
    const print = await this.#print(id, wishes.place);
    return print.detail(wishes, await this.#source(wishes.place), part);
  }

  async palette(id: string, wishes: Wishes, x: number, y: number): Promise<Rgb[]> {
    const print = await this.#print(id, wishes.place);
    return print.palette(wishes, await this.#source(wishes.place), { x, y });
  }

  async save(id: string, wishes: Wishes, way: SaveWay): Promise<Saved> {
    const print = await this.#print(id, wishes.place);
    if (print.isForeign) return this.#savedByServer(id, wishes);
    return print.saved(wishes, await this.#source(wishes.place), way);
  }

  async close(id: string): Promise<void> {
    this.#given.delete(id);
    this.#prints.delete(id);
  }

  async time(side: number, runs: number): Promise<number[]> {
    const device = await this.#device;
    return device ? device.source.time(side, runs) : [];
  }

  /** Opened once, and again where it would not come or has failed since. */
  async #prepareDevice(base: string): Promise<Ready> {
    const open = await this.#device?.catch(() => null);
    if (!open || open.source.hasFailed) {
      this.#device = openDevice(base, this.#onBytes);
      await open?.source.close().catch(() => {}); // it had failed before
    }
    return (await this.#openDevice()).ready;
  }

  async #prepareServer(base: string): Promise<Ready> {
    this.#server = ServerSource.of(new Api(base));
    const { listing, ownVividness } = await this.#server;
    return { model: listing, provider: null, threads: 0, ownVividness, files: [] };
  }

  async #source(place: ColourPlace): Promise<ColourSource> {
    if (place === "device") return (await this.#openDevice()).source;
    const server = await this.#server;
    if (!server) throw new Problem("serverUnreachable");
    return server;
  }

  #openDevice(): Promise<OpenDevice> {
    if (!this.#device) throw new Problem("modelUnreachable");
    return this.#device;
  }

  async #savedByServer(id: string, wishes: Wishes): Promise<Saved> {
    const server = await this.#server;
    if (!server) throw new Problem("serverUnreachable");
    const { file } = this.#givenOf(id);
    const blob = await server.picture(file, wishes);
    return { blob, name: `${file.name.replace(/\.[^.]*$/, "")}.color.${endingOf(blob.type)}` };
  }

  /** The photo, decoded anew where it was let go. */
  async #print(id: string, place: ColourPlace): Promise<Print> {
    const print = this.#prints.get(id) ?? (await this.#opened(id, place));
    this.#prints.delete(id);
    if (this.#given.has(id)) this.#prints.set(id, print);
    this.#letGo();
    return print;
  }

  /** What this browser does not read, the server may. */
  async #opened(id: string, place: ColourPlace): Promise<Print> {
    const { file, screen } = this.#givenOf(id);
    try {
      return await Print.of(file, screen);
    } catch (error) {
      const server = place === "server" ? await this.#server : null;
      if (!server || !["notAPicture", "rareJpeg"].includes(asProblem(error).code)) throw error;
      return Print.of(file, screen, new File([await server.greyed(file)], file.name));
    }
  }

  #givenOf(id: string): { file: File; screen: Size } {
    const given = this.#given.get(id);
    if (!given) throw new Problem("unexpected", { detail: `no photo ${id} is open` });
    return given;
  }

  #letGo(): void {
    let pixels = [...this.#prints.values()].reduce((sum, print) => sum + print.pixels, 0);
    for (const [id, print] of this.#prints) {
      if (pixels <= MOST_PIXELS_OPEN || this.#prints.size === 1) return;
      pixels -= print.pixels;
      this.#prints.delete(id);
    }
  }
}

/** How files of a media type usually end. */
function endingOf(type: string): string {
  const ending = type.split("/")[1] ?? "jpeg";
  return { jpeg: "jpg", tiff: "tif" }[ending] ?? ending;
}
