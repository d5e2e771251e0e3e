/** Opens photos, has them painted and hands out their pixels; keeps few in memory. */

import type { Region } from "../colour/plane.ts";
import type { Rgb } from "../hints/hint.ts";
import { fetchModel, type OnBytes } from "../network/model-file.ts";
import { Painter } from "../network/painter.ts";
import { loadRuntime } from "../network/runtime.ts";
import { Problem } from "../texts/problem.ts";
import type {
  Coloured,
  Opened,
  Pixels,
  Ready,
  Saved,
  SaveWay,
  StudioCalls,
  Tile,
  Wishes,
} from "./messages.ts";
import { Print } from "./print.ts";

const MOST_PIXELS_OPEN = 60e6; // grey levels of photos that stay decoded

export class Studio implements StudioCalls {
  readonly #onBytes: OnBytes;
  readonly #files = new Map<string, File>();
  readonly #prints = new Map<string, Print>(); // the least recently used first
  #painter: Promise<Painter> | null = null;

  constructor(onBytes: OnBytes) {
    this.#onBytes = onBytes;
  }

  async prepare(modelFolder: string): Promise<Ready> {
    const loading = Promise.all([
      fetchModel(new URL(modelFolder), this.#onBytes),
      loadRuntime(),
    ] as const);
    this.#painter = loading.then(([file, runtime]) => Painter.open(file, runtime));
    const painter = await this.#painter;
    const [file] = await loading;
    const { provider, threads, files } = painter.runtime;
    return {
      model: file.listing,
      provider,
      threads,
      hasVividness: painter.bins !== null,
      files: [...files, ...file.urls],
    };
  }

  async open(id: string, file: File): Promise<Opened> {
    this.#files.set(id, file);
    return (await this.#print(id)).opened();
  }

  async colour(id: string, wishes: Wishes): Promise<Coloured> {
    const print = await this.#print(id);
    return print.coloured(wishes, await this.#ready());
  }

  async ownColours(id: string): Promise<Pixels> {
    return (await this.#print(id)).ownColours();
  }

  async tile(id: string, wishes: Wishes, region: Region): Promise<Tile> {
    const print = await this.#print(id);
    return print.tile(wishes, region, await this.#ready());
  }

  async palette(id: string, wishes: Wishes, x: number, y: number): Promise<Rgb[]> {
    const print = await this.#print(id);
    return print.palette(wishes, { x, y }, await this.#ready());
  }

  async save(id: string, wishes: Wishes, way: SaveWay): Promise<Saved> {
    const print = await this.#print(id);
    return print.saved(wishes, way, await this.#ready());
  }

  async close(id: string): Promise<void> {
    this.#files.delete(id);
    this.#prints.delete(id);
  }

  #ready(): Promise<Painter> {
    if (!this.#painter) throw new Problem("modelUnreachable");
    return this.#painter;
  }

  /** The photo, decoded anew where it was let go. */
  async #print(id: string): Promise<Print> {
    const known = this.#prints.get(id);
    const print = known ?? (await Print.of(this.#fileOf(id)));
    this.#prints.delete(id);
    if (this.#files.has(id)) this.#prints.set(id, print);
    this.#letGo();
    return print;
  }

  #fileOf(id: string): File {
    const file = this.#files.get(id);
    if (!file) throw new Problem("unexpected", { detail: `no photo ${id} is open` });
    return file;
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
