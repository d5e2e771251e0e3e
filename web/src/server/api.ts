/** The calls of our own server that the site uses; their types come from its OpenAPI document. */

import type { Bytes } from "../photo/bytes.ts";
import { Problem, type ProblemCode } from "../texts/problem.ts";
import type { components, operations } from "./schema.d.ts";

export type ModelEntry = components["schemas"]["ModelEntry"];
export type ModelList = components["schemas"]["ModelList"];
type ServerProblem = components["schemas"]["Problem"];
type QueryOf<Call extends keyof operations> = NonNullable<operations[Call]["parameters"]["query"]>;
export type ColorizeQuery = QueryOf<"colorize">;
export type PredictQuery = QueryOf<"predict">;

/** What the server says by its status, where we have words of our own. */
const CODES: Readonly<Record<number, ProblemCode>> = {
  401: "serverWantsKey",
  413: "tooLargeForServer",
  415: "notAPicture",
  429: "serverBusy",
  503: "serverBusy",
};

/** The site's own address, whatever path a proxy has put it at. */
export class Api {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  async models(): Promise<ModelList> {
    return (await this.#answered("v1/models", {})).json() as Promise<ModelList>;
  }

  /** The picture in colour, and its media type. */
  async colorize(file: File, query: ColorizeQuery): Promise<Blob> {
    return (await this.#posted("v1/colorize", file, query)).blob();
  }

  /** The small colours as a NumPy file. */
  async predict(file: File, query: PredictQuery): Promise<Bytes> {
    return new Uint8Array(await (await this.#posted("v1/predict", file, query)).arrayBuffer());
  }

  #posted(path: string, file: File, query: ColorizeQuery | PredictQuery): Promise<Response> {
    const body = new FormData();
    body.append("file", file, file.name);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) body.append(name, String(value));
    }
    return this.#answered(path, { method: "POST", body });
  }

  async #answered(path: string, request: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#base), request);
    } catch (error) {
      throw new Problem("serverUnreachable", { cause: error });
    }
    if (response.ok) return response;
    const code = CODES[response.status] ?? "serverRefused";
    throw new Problem(code, { detail: await wordsOf(response) });
  }
}

async function wordsOf(response: Response): Promise<string> {
  try {
    const said = (await response.json()) as Partial<ServerProblem>;
    return said.detail ?? response.statusText;
  } catch (error) {
    if (error instanceof SyntaxError) return response.statusText; // a proxy's page, not our answer
    throw error;
  }
}
