/** The page's state, and everything that one can do with it. */

import type { Size } from "../colour/plane.ts";
import { type Hint, MOST_HINTS, type Rgb } from "../hints/hint.ts";
import { asProblem, Problem } from "../texts/problem.ts";
import type { ColourPlace, Part, Saved, SaveWay, StudioCalls, Wishes } from "../worker/messages.ts";
import { changed, redone, settled, undone } from "./history.ts";
import { mark } from "./moments.ts";
import { Observable } from "./observable.ts";
import {
  FIRST_LOOK,
  type Look,
  looksLikePicture,
  type Phase,
  type Picture,
  pictureOf,
} from "./picture.ts";
import { type State, UNPREPARED } from "./state.ts";
import { thumbnailOf } from "./thumbnail.ts";
import { Turns } from "./turns.ts";

export class Darkroom extends Observable<State> {
  /** Where photos are shown, as large as it was last seen [CSS px]. */
  frame: Size | null = null;
  readonly #studio: StudioCalls;
  readonly #base: string;
  readonly #turns = new Turns();

  constructor(studio: StudioCalls, base: string, place: ColourPlace) {
    super({
      pictures: [],
      selected: null,
      place,
      preparation: UNPREPARED,
      view: null,
      saving: false,
    });
    this.#studio = studio;
    this.#base = base;
  }

  /** Gets the model, or the server, ready. */
  async prepare(): Promise<void> {
    const { place } = this.get();
    this.change({ preparation: UNPREPARED });
    try {
      const ready = await this.#studio.prepare(place, this.#base);
      if (this.get().place === place)
        this.change({ preparation: { ...UNPREPARED, ready, loaded: 1 } });
    } catch (error) {
      const problem = asProblem(error).facts;
      if (this.get().place === place) this.change({ preparation: { ...UNPREPARED, problem } });
    }
  }

  /** The model's bytes so far. */
  modelLoaded(loaded: number, total: number): void {
    const { preparation } = this.get();
    this.change({ preparation: { ...preparation, loaded: Math.min(loaded / total, 1) } });
  }

  async choosePlace(place: ColourPlace): Promise<void> {
    if (place === this.get().place) return;
    this.change({ place });
    await this.prepare();
    this.#colourAgain("ready", "failed");
  }

  /** What was not to be had is asked for again, and coloured what failed meanwhile. */
  async retry(): Promise<void> {
    await this.prepare();
    if (this.get().preparation.ready) this.#colourAgain("failed");
  }

  add(files: Iterable<File>): void {
    const added = [...files].filter(looksLikePicture).map(pictureOf);
    if (added.length === 0) return;
    mark("given");
    this.change({ pictures: [...this.get().pictures, ...added] });
    if (this.get().view === null || this.picture()?.phase === "failed") this.select(added[0].id);
    for (const { id } of added) void this.#colourInTurn(id);
  }

  select(id: string): void {
    if (this.get().selected === id) return;
    this.change({ selected: id, view: null });
    const phase = this.picture(id)?.phase;
    if (phase === "ready" || phase === "colouring") void this.#colourInTurn(id);
  }

  remove(id: string): void {
    const { pictures, selected } = this.get();
    const place = pictures.findIndex((picture) => picture.id === id);
    const left = pictures.filter((picture) => picture.id !== id);
    pictures[place]?.thumbnail?.close();
    this.change({ pictures: left });
    void this.#studio.close(id);
    if (selected !== id) return;
    const next = left[Math.min(place, left.length - 1)];
    if (next) this.select(next.id);
    else this.change({ selected: null, view: null });
  }

  /** The chosen photo, or another. */
  picture(id = this.get().selected): Picture | undefined {
    return this.get().pictures.find((picture) => picture.id === id);
  }

  /** With a `topic`, changes in a row are one step to undo. */
  look(change: Partial<Look>, topic: string | null = null): void {
    const picture = this.picture();
    if (!picture) return;
    mark("wished");
    const look = { ...picture.wishes.now, ...change };
    this.#change(picture.id, { wishes: changed(picture.wishes, look, topic) });
    void this.#repaint(picture.id);
  }

  settle(): void {
    const picture = this.picture();
    if (picture) this.#change(picture.id, { wishes: settled(picture.wishes) });
  }

  /** Says a colour at a point, or of the hint that is there already. */
  say(hint: Hint, index: number | null): void {
    const hints = this.picture()?.wishes.now.hints ?? [];
    if (index === null && hints.length >= MOST_HINTS) throw new Problem("tooManyHints");
    const at = index ?? hints.length;
    this.look({ hints: [...hints.slice(0, at), hint, ...hints.slice(at + 1)] }, `hint ${at}`);
  }

  unsay(index: number): void {
    const hints = this.picture()?.wishes.now.hints ?? [];
    this.look({ hints: hints.filter((_, at) => at !== index) });
  }

  undo(): void {
    this.#travel(undone);
  }

  redo(): void {
    this.#travel(redone);
  }

  reset(): void {
    const picture = this.picture();
    if (picture && picture.wishes.now !== FIRST_LOOK) this.look(FIRST_LOOK);
  }

  async palette(x: number, y: number): Promise<Rgb[]> {
    const picture = this.picture();
    return picture ? this.#studio.palette(picture.id, this.#wishes(picture), x, y) : [];
  }

  /** The photo's own colours, for comparing. */
  async showOwnColours(): Promise<void> {
    const { view } = this.get();
    if (!view || view.own) return;
    const own = await this.#studio.ownColours(view.id);
    const now = this.get().view;
    if (now?.id === view.id) this.change({ view: { ...now, own } });
  }

  detail(part: Part): ReturnType<StudioCalls["detail"]> | null {
    const picture = this.picture();
    return picture ? this.#studio.detail(picture.id, this.#wishes(picture), part) : null;
  }

  /** A photo as a file. Throws `Problem`. */
  async save(id: string, way: SaveWay): Promise<Saved> {
    const picture = this.picture(id);
    if (!picture) throw new Problem("unexpected");
    this.change({ saving: true });
    try {
      return await this.#studio.save(id, this.#wishes(picture), way);
    } finally {
      this.change({ saving: false });
    }
  }

  #wishes({ wishes }: Picture): Wishes {
    return { ...wishes.now, place: this.get().place };
  }

  #travel(step: typeof undone<Look>): void {
    const picture = this.picture();
    if (!picture) return;
    const wishes = step(picture.wishes);
    if (wishes.now === picture.wishes.now) return;
    this.#change(picture.id, { wishes });
    void this.#repaint(picture.id);
  }

  /** The frame in the screen's own pixels; the window where the frame is not known. */
  #screen(): Size {
    const { innerHeight, innerWidth, devicePixelRatio } = globalThis;
    const { height, width } = this.frame ?? { height: innerHeight, width: innerWidth };
    return { height: height * devicePixelRatio, width: width * devicePixelRatio };
  }

  /** One photo after the other, the one that is looked at first. */
  #colourInTurn(id: string): Promise<void> {
    return this.#turns.take(
      () => this.#colour(id),
      () => this.get().selected === id,
    );
  }

  #colourAgain(...phases: Phase[]): void {
    for (const { id, phase } of this.get().pictures) {
      if (phases.includes(phase)) void this.#colourInTurn(id);
    }
  }

  async #colour(id: string): Promise<void> {
    const picture = this.picture(id);
    if (!picture) return;
    const { place } = this.get();
    try {
      if (picture.phase !== "ready") this.#change(id, { phase: "opening", problem: null });
      await Promise.resolve(); // by when the page has made room, and knows how much
      const { grey, ...facts } = await this.#studio.open(id, picture.file, place, this.#screen());
      if (this.picture(id)?.phase !== "ready") this.#change(id, { facts, phase: "colouring" });
      if (this.get().selected === id) {
        this.change({ view: { id, grey, colour: null, own: null, painted: 0 } });
      }
      await this.#paint(id);
    } catch (error) {
      this.#change(id, { phase: "failed", problem: asProblem(error).facts });
    }
  }

  /** Paints a photo as it is wished now; a draft, where it may be one, is told by the answer. */
  async #paint(id: string, mayDraft = false): Promise<boolean> {
    const picture = this.picture(id);
    if (!picture) return false;
    const coloured = await this.#studio.colour(id, this.#wishes(picture), mayDraft);
    const { pixels, networkMilliseconds, isDraft } = coloured;
    performance.measure("photochrom:network", { start: 0, duration: networkMilliseconds });
    const facts = this.picture(id)?.facts;
    const { view } = this.get();
    if (view?.id === id) {
      this.change({ view: { ...view, colour: pixels, painted: view.painted + 1 } });
    }
    if (isDraft) return true;
    const thumbnail = facts ? await thumbnailOf(pixels, facts.view) : null;
    this.picture(id)?.thumbnail?.close();
    this.#change(id, { phase: "ready", thumbnail });
    return false;
  }

  /** The newest wishes, once; what was wished meanwhile is painted after, and drafts at rest. */
  async #repaint(id: string): Promise<void> {
    if (this.picture(id)?.phase !== "ready" || !this.#turns.claim(id)) return;
    const wished = (): unknown => this.picture(id)?.wishes.now;
    try {
      for (let painted: unknown = null; painted !== wished(); ) {
        painted = wished();
        const isDraft = await this.#paint(id, true);
        if (isDraft && painted === wished()) await this.#paint(id);
      }
    } catch (error) {
      this.#change(id, { phase: "failed", problem: asProblem(error).facts });
    } finally {
      this.#turns.release(id);
    }
  }

  #change(id: string, change: Partial<Picture>): void {
    const pictures = this.get().pictures.map((picture) =>
      picture.id === id ? { ...picture, ...change } : picture,
    );
    this.change({ pictures });
  }
}
