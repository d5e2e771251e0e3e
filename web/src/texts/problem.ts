/** What went wrong, by a code for which the texts have words. */

import type { Texts } from "./english.ts";

export type ProblemCode = keyof Texts["problems"];

export interface ProblemFacts {
  readonly code: ProblemCode;
  readonly detail: string;
}

/** Crosses from the worker to the page as its `facts`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;

  constructor(code: ProblemCode, options: { detail?: string; cause?: unknown } = {}) {
    super(`${code} ${options.detail ?? ""}`.trim(), { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.detail = options.detail ?? "";
  }

  get facts(): ProblemFacts {
    return { code: this.code, detail: this.detail };
  }
}

/** Anything thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem("unexpected", {
    detail: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}
