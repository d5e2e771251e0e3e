/** A model that is ready to paint: its session, and what its file says of itself. */

import type { InferenceSession, Tensor } from "onnxruntime-web";
import { type Ab, emptyPlane, type Plane, type Size } from "../colour/plane.ts";
import { Problem } from "../texts/problem.ts";
import { type Bins, readBins, readCurve, type VividnessCurve } from "./bins.ts";
import type { ModelFile, ModelListing } from "./model-file.ts";
import { readOnnxFacts, withoutDefault } from "./onnx-facts.ts";
import { loadWasm, type Runtime } from "./runtime.ts";

/** Scores (K, h, w) of the colours that a model chooses among. */
export interface Logits extends Size {
  readonly values: Float32Array;
}

export interface Painted {
  readonly ab: Ab;
  readonly logits: Logits | null;
  readonly milliseconds: number;
}

const HINTS = "hints";

/** a*, b* and 1 where a hint lies, else 0: (3, H, W). */
export type HintPlanes = Float32Array<ArrayBuffer>;

export class Painter {
  readonly listing: ModelListing;
  readonly runtime: Runtime;
  readonly metadata: ReadonlyMap<string, string>;
  readonly shortSide: number;
  readonly curve: VividnessCurve;
  /** Null where the model paints without choosing among colours. */
  readonly bins: Bins | null;
  /** A run has failed. */
  hasFailed = false;
  readonly #session: InferenceSession;

  private constructor(file: ModelFile, runtime: Runtime, session: InferenceSession) {
    this.listing = file.listing;
    this.runtime = runtime;
    this.metadata = readOnnxFacts(file.bytes).metadata;
    this.shortSide = Number(this.metadata.get("short_side_px") ?? 0);
    this.curve = readCurve(this.metadata);
    this.bins = session.outputNames.includes("logits") ? readBins(this.metadata) : null;
    this.#session = session;
    if (!(this.shortSide > 0) || this.metadata.get("paints") !== "ab") {
      throw new Problem("modelDamaged");
    }
  }

  /** Throws `Problem`; where WebGPU fails, WASM is tried. */
  static async open(file: ModelFile, runtime: Runtime): Promise<Painter> {
    let session: InferenceSession | null = null;
    try {
      session = await runtime.ort.InferenceSession.create(withoutDefault(file.bytes, HINTS), {
        executionProviders: [runtime.provider],
        graphOptimizationLevel: "all",
        logSeverityLevel: 3, // errors; that other inputs have defaults is no cause for a warning
      });
      const painter = new Painter(file, runtime, session);
      await painter.paint(emptyPlane(64, 96), null); // so that the first photo pays for no first run
      return painter;
    } catch (error) {
      await session?.release().catch(() => {}); // it failed already, and that is what is told
      if (runtime.provider === "webgpu") return Painter.open(file, await loadWasm());
      throw failed(error);
    }
  }

  /** It paints no more. */
  close(): Promise<void> {
    return this.#session.release();
  }

  get takesHints(): boolean {
    return this.#session.inputNames.includes(HINTS);
  }

  /** Colours for small lightness 0…100. Throws `Problem`. */
  async paint(lightness: Plane, hints: HintPlanes | null): Promise<Painted> {
    const { height, width, values } = lightness;
    const { Tensor } = this.runtime.ort;
    const feeds: Record<string, Tensor> = {
      lightness: new Tensor("float32", values, [1, 1, height, width]),
    };
    if (this.takesHints) {
      const planes = hints ?? new Float32Array(3 * height * width);
      feeds[HINTS] = new Tensor("float32", planes, [1, 3, height, width]);
    }
    try {
      return await this.#run(feeds);
    } catch (error) {
      this.hasFailed = true;
      throw failed(error);
    }
  }

  async #run(feeds: Record<string, Tensor>): Promise<Painted> {
    const start = performance.now();
    const results = await this.#session.run(feeds);
    const milliseconds = performance.now() - start;
    const ab = await planesOf(results.ab);
    const logits = results.logits ? await logitsOf(results.logits) : null;
    for (const result of Object.values(results)) result.dispose();
    return { ab, logits, milliseconds };
  }
}

function failed(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem("modelFailed", { cause: error, detail: String(error) });
}

async function planesOf(tensor: Tensor): Promise<Ab> {
  const [, , height, width] = tensor.dims;
  const values = Float32Array.from((await tensor.getData()) as Float32Array);
  const area = height * width;
  return {
    a: { height, width, values: values.slice(0, area) },
    b: { height, width, values: values.slice(area) },
  };
}

async function logitsOf(tensor: Tensor): Promise<Logits> {
  const [, , height, width] = tensor.dims;
  return { height, width, values: Float32Array.from((await tensor.getData()) as Float32Array) };
}
