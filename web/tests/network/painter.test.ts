import type * as Ort from "onnxruntime-web";
import { describe, expect, test, vi } from "vitest";
import type { Levels } from "../../src/colour/plane.ts";
import { Painter } from "../../src/network/painter.ts";
import type { Provider, Runtime } from "../../src/network/runtime.ts";
import { concatenated, latin1 } from "../../src/photo/bytes.ts";
import { DeviceSource } from "../../src/worker/device-source.ts";
import type { Wishes } from "../../src/worker/messages.ts";

const LISTING = { name: "made up", version: "1", sha256: "ab", bytes: 0, url: "/m.onnx" };
const PLAIN: Wishes = { place: "device", strength: 1, vividness: null, hints: [] };
const HINT = { x: 30, y: 20, colour: [200, 40, 30] as const };
const grey: Levels = { height: 48, width: 64, values: new Uint8Array(48 * 64).fill(120) };
const given = { file: new File([], ""), grey, shown: grey };

/** One field of a protobuf. */
function field(number: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatenated(Uint8Array.of((number << 3) | 2, content.length), content);
}

function modelFile(): Uint8Array<ArrayBuffer> {
  const entries = { paints: "ab", short_side_px: "32" };
  const fields = Object.entries(entries).map(([key, value]) =>
    field(14, concatenated(field(1, latin1(key)), field(2, latin1(value)))),
  );
  return concatenated(...fields);
}

/** The WASM runtime that the painter loads for itself where WebGPU fails. */
const wasm = vi.hoisted(() => ({ runtime: null as unknown }));
vi.mock("../../src/network/runtime.ts", () => ({ loadWasm: async () => wasm.runtime }));

interface Fed {
  readonly lightness: readonly number[];
  readonly hints: Float32Array | null;
}

class Tensor {
  constructor(
    readonly type: string,
    readonly data: Float32Array,
    readonly dims: readonly number[],
  ) {}
  getData = async () => this.data;
  dispose = () => {};
}

type Feeds = Record<string, Tensor>;

/** A network that paints everything red. */
async function red({ lightness }: Feeds): Promise<Feeds> {
  const [down, across] = lightness.dims.slice(2).map((side) => Math.ceil(side / 4));
  const area = down * across;
  const ab = new Float32Array(2 * area).map((_, at) => (at < area ? 40 : 0));
  return { ab: new Tensor("float32", ab, [1, 2, down, across]) };
}

interface FakeSession {
  readonly inputNames?: readonly string[];
  readonly run: (feeds: Feeds) => Promise<Feeds>;
  readonly release?: () => Promise<void>;
}

function runtimeWith(provider: Provider, open: () => FakeSession): Runtime {
  const create = async () => ({ inputNames: ["lightness"], outputNames: ["ab"], ...open() });
  const ort = { Tensor, InferenceSession: { create } } as unknown as typeof Ort;
  return { ort, provider, threads: 1, files: [] };
}

function open(runtime: Runtime): Promise<Painter> {
  return Painter.open({ listing: LISTING, bytes: modelFile(), urls: [] }, runtime);
}

/** A painter with such inputs, and what it was fed. */
async function painterWith(inputNames: readonly string[]): Promise<[Painter, Fed[]]> {
  const fed: Fed[] = [];
  const run = (feeds: Feeds): Promise<Feeds> => {
    fed.push({ lightness: feeds.lightness.dims, hints: feeds.hints?.data ?? null });
    return red(feeds);
  };
  const painter = await open(runtimeWith("wasm", () => ({ inputNames, run })));
  fed.length = 0; // of the run that warms it
  return [painter, fed];
}

describe("a model that takes hints", () => {
  test("is shown them as discs, and nothing where there are none", async () => {
    const [painter, fed] = await painterWith(["lightness", "hints"]);
    const source = new DeviceSource(painter);
    await source.colours(given, PLAIN);
    expect(fed[0].hints?.every((value) => value === 0)).toBe(true);
    await source.colours(given, { ...PLAIN, hints: [HINT] });
    const area = fed[1].lightness[2] * fed[1].lightness[3];
    const mask = fed[1].hints?.subarray(2 * area) ?? [];
    expect([...mask].filter((value) => value === 1)).toHaveLength(9);
    expect(Math.max(...(fed[1].hints ?? []))).toBeGreaterThan(20);
  });

  test("answers at once with a draft, until it has been asked", async () => {
    const [painter, fed] = await painterWith(["lightness", "hints"]);
    const source = new DeviceSource(painter);
    const wishes = { ...PLAIN, hints: [HINT] };
    expect(source.draft(given, PLAIN)).toBeNull();
    await source.colours(given, PLAIN);
    const draft = await source.draft(given, wishes);
    expect(fed).toHaveLength(1);
    expect(draft?.colours.guidePerAb).toBe(1);
    await source.colours(given, wishes);
    expect(source.draft(given, wishes)).toBeNull();
  });

  test("runs anew for other hints, and for nothing else", async () => {
    const [painter, fed] = await painterWith(["lightness", "hints"]);
    const source = new DeviceSource(painter);
    await source.colours(given, { ...PLAIN, hints: [HINT] });
    await source.colours(given, { ...PLAIN, hints: [HINT], strength: 0.4 });
    await source.colours(given, PLAIN);
    expect(fed).toHaveLength(2); // without hints, and with these
    await source.colours(given, { ...PLAIN, hints: [{ ...HINT, x: HINT.x + 9 }] });
    expect(fed).toHaveLength(3);
  });
});

describe("a model that takes none", () => {
  test("runs once, and hints are laid along edges", async () => {
    const [painter, fed] = await painterWith(["lightness"]);
    const source = new DeviceSource(painter);
    const plain = await source.colours(given, PLAIN);
    const blue = { ...HINT, colour: [40, 60, 200] as const };
    const told = await source.colours(given, { ...PLAIN, hints: [blue] });
    expect(fed).toHaveLength(1);
    expect(fed[0].hints).toBeNull();
    expect([plain.colours.guidePerAb, told.colours.guidePerAb]).toEqual([4, 1]);
    const { height, width, values } = told.colours.ab.b;
    const at = Math.floor((20.5 / 48) * height) * width + Math.floor((30.5 / 64) * width);
    expect(values[at]).toBeLessThan(-40);
  });

  test("has no vividness and no likely colours where it does not choose", async () => {
    const source = new DeviceSource((await painterWith(["lightness"]))[0]);
    expect(source.ownVividness).toBeNull();
    expect(await source.palette(given, PLAIN, { x: 1, y: 1 })).toEqual([]);
  });
});

describe("where a network does not run", () => {
  const fail = async (): Promise<never> => {
    throw new Error("the device is lost");
  };

  test.each(["at its opening", "at its first run"])("WebGPU %s gives way to WASM", async (when) => {
    wasm.runtime = runtimeWith("wasm", () => ({ run: red }));
    const release = vi.fn(async () => {});
    const webgpu = runtimeWith("webgpu", () => {
      if (when === "at its opening") throw new Error("no such provider");
      return { run: fail, release };
    });
    const painter = await open(webgpu);
    expect(painter.runtime).toBe(wasm.runtime);
    expect(painter.hasFailed).toBe(false);
    expect(release).toHaveBeenCalledTimes(when === "at its opening" ? 0 : 1);
  });

  test("a later run says so, and a source made of it is known to have failed", async () => {
    let runs = 0;
    const painter = await open(
      runtimeWith("webgpu", () => ({ run: (feeds) => (runs++ === 0 ? red(feeds) : fail()) })),
    );
    const source = new DeviceSource(painter);
    expect(source.hasFailed).toBe(false);
    await expect(source.colours(given, PLAIN)).rejects.toMatchObject({ code: "modelFailed" });
    expect(source.hasFailed).toBe(true);
  });

  test("a file that is no model of ours is called damaged", async () => {
    const file = { listing: LISTING, bytes: new Uint8Array(0), urls: [] };
    const runtime = runtimeWith("wasm", () => ({ run: red, release: async () => {} }));
    await expect(Painter.open(file, runtime)).rejects.toMatchObject({ code: "modelDamaged" });
  });
});
