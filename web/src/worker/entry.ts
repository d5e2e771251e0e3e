/** The worker's door: one message in, one answer out. Everything heavy happens behind it. */

import { asProblem } from "../texts/problem.ts";
import type { Answer, Request } from "./messages.ts";
import { Studio } from "./studio.ts";

const studio = new Studio((loaded, total) => post({ loaded, total }));

self.onmessage = async ({ data: { call, name, given } }: MessageEvent<Request>): Promise<void> => {
  try {
    const method = studio[name] as (...given: readonly unknown[]) => Promise<unknown>;
    const result = await method.apply(studio, [...given]);
    post({ call, result }, buffersIn(result));
  } catch (error) {
    post({ call, problem: asProblem(error).facts });
  }
};

function post(answer: Answer, transfer: ArrayBuffer[] = []): void {
  self.postMessage(answer, { transfer });
}

/** Pixels are handed over rather than copied. */
function buffersIn(result: unknown): ArrayBuffer[] {
  const values = result instanceof Uint8ClampedArray ? [result] : Object.values(result ?? {});
  return values.flatMap((value) =>
    value instanceof Uint8ClampedArray && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
}
