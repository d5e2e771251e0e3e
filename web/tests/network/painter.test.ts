import type * as Ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import type { Levels } from "../../src/colour/plane.ts";
import type { Painter as OpenedPainter } from "../../src/network/painter.ts";
import { Painter } from "../../src/network/painter.ts";
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

interface Fed {
  readonly lightness: readonly number[];
  readonly hints: Float32Array | null;
}

/** A painter whose network paints everything red, and the inputs that it was fed. */
async function painterWith(inputs: readonly string[]): Promise<[OpenedPainter, Fed[]]> {
  const fed: Fed[] = [];
  class Tensor {
    constructor(
      readonly type: string,
      readonly data: Float32Array,
      readonly dims: readonly number[],
    ) {}
    getData = async () => this.data;
    dispose = () => {};
  }
  const session = {
    inputNames: inputs,
    outputNames: ["ab"],
    run: async (feeds: Record<string, Tensor>) => {
      const [, , height, width] = feeds.lightness.dims;
      fed.push({ lightness: feeds.lightness.dims, hints: feeds.hints?.data ?? null });
      const [down, across] = [Math.ceil(height / 4), Math.ceil(width / 4)];
      const area = down * across;
      const ab = new Float32Array(2 * area).map((_, at) => (at < area ? 40 : 0));
      return { ab: new Tensor("float32", ab, [1, 2, down, across]) };
    },
  };
  const ort = { Tensor, InferenceSession: { create: async () => session } };
  const runtime = {
    ort: ort as unknown as typeof Ort,
    provider: "wasm",
    threads: 1,
    files: [],
  } as const;
  const painter = await Painter.open({ listing: LISTING, bytes: modelFile(), urls: [] }, runtime);
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
