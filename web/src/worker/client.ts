/** The worker as the page sees it: calls that answer with promises. */

import { Problem } from "../texts/problem.ts";
import type { Answer, CallName, Request, StudioCalls } from "./messages.ts";

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (problem: Problem) => void;
}

export type OnModelBytes = (loaded: number, total: number) => void;

export function studioClient(worker: Worker, onModelBytes: OnModelBytes): StudioCalls {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>): void => {
    if (!("call" in data)) {
      onModelBytes(data.loaded, data.total);
      return;
    }
    const waited = waiting.get(data.call);
    waiting.delete(data.call);
    if ("problem" in data) {
      waited?.reject(new Problem(data.problem.code, { detail: data.problem.detail }));
    } else waited?.resolve(data.result as never);
  };
  worker.onerror = (event): void => {
    const problem = new Problem("unexpected", { detail: event.message });
    for (const { reject } of waiting.values()) reject(problem);
    waiting.clear();
  };
  const ask = (name: CallName, given: readonly unknown[]): Promise<never> =>
    new Promise((resolve, reject) => {
      const request: Request = { call: ++calls, name, given };
      waiting.set(request.call, { resolve, reject });
      worker.postMessage(request);
    });
  return {
    prepare: (...given) => ask("prepare", given),
    open: (...given) => ask("open", given),
    colour: (...given) => ask("colour", given),
    ownColours: (...given) => ask("ownColours", given),
    detail: (...given) => ask("detail", given),
    palette: (...given) => ask("palette", given),
    save: (...given) => ask("save", given),
    close: (...given) => ask("close", given),
    time: (...given) => ask("time", given),
  };
}
