/** A visit to the site: a page of its own, what it asked for, and what a person does there. */

import { mkdirSync } from "node:fs";
import { basename } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { FIXTURES } from "../tests/python.ts";
import { type Compared, Comparer } from "./compared.ts";

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};
const COLOURED_MS = 40_000;
const SHOTS = `${import.meta.dirname}/../shots`;
const SAVED = `${FIXTURES}/saved`;
/** ONNX Runtime's own words about a model that has inputs with defaults. */
const EXPECTED_WORDS = /Initializer (alpha|temperature) appears in graph inputs/;

let browser: Browser;
let comparer: Comparer | null = null;

/** Every test file says this once. */
export function withBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.connect(inject("browser"));
  });
  afterAll(async () => {
    comparer?.close();
    await browser.close();
  });
}

export function photograph(name: string): string {
  return `${FIXTURES}/photographs/${name}`;
}

export class Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly requests: Request[] = [];
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(COLOURED_MS);
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (said) => {
      const isBad = said.type() === "error" || said.type() === "warning";
      if (isBad && !EXPECTED_WORDS.test(said.text()))
        this.complaints.push(`${said.text()} ${said.location().url}`.trim());
    });
    context.on("request", (request) => this.requests.push(request));
  }

  static async to(url = inject("site"), options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      ...options,
    });
    const visit = new Visit(context, await context.newPage());
    await visit.page.goto(url);
    return visit;
  }

  /** The site, in a page that was prepared first. */
  async open(): Promise<void> {
    await this.page.goto(inject("site"));
  }

  async give(...names: string[]): Promise<void> {
    const files = names.map(photograph);
    await this.page.locator("input[type=file]").first().setInputFiles(files);
  }

  /** Until so many photos are in colour. */
  async coloured(count = 1): Promise<void> {
    await this.page
      .locator(".frame-ready")
      .nth(count - 1)
      .waitFor();
    await this.page.locator("canvas[role=img]").waitFor();
  }

  /** A press on the photo at shares of its sides. */
  async press(across: number, down: number): Promise<void> {
    const box = await this.page.locator(".stage > .print").boundingBox();
    if (!box) throw new Error("no photo is shown");
    await this.page.mouse.click(box.x + across * box.width, box.y + down * box.height);
  }

  /** What is chosen in the menu of ways to save; the file's path. */
  async save(way?: string): Promise<string> {
    if (way) await this.page.getByRole("button", { name: "More ways to save" }).click();
    const downloading = this.page.waitForEvent("download");
    if (way) await this.page.getByRole("menuitem", { name: way }).click();
    else await this.page.getByRole("button", { name: "Save", exact: true }).click();
    const download = await downloading;
    mkdirSync(SAVED, { recursive: true });
    const path = `${SAVED}/${download.suggestedFilename()}`;
    await download.saveAs(path);
    return path;
  }

  /** The pixels of the photo on the stage, as the page has them. */
  pixels(): Promise<number[]> {
    return this.page.locator("canvas[role=img]").evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext("2d");
      return [...(context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [])];
    });
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SHOTS}/${name}.png` });
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}

/** What Python says of a saved file. */
export function compared(name: string, saved: string, wishes: object = {}): Promise<Compared> {
  comparer ??= new Comparer();
  return comparer.ask(photograph(name), saved, wishes);
}

export function nameOf(path: string): string {
  return basename(path);
}

/** The share of colour in pixels RGBA: 0 for grey. */
export function chromaOf(pixels: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = [pixels[at], pixels[at + 1], pixels[at + 2]];
    sum += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return sum / (pixels.length / 4);
}
