/** Python, kept running and asked about one saved file after the other: see compared.py. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { pythonProgram, WEB } from "../tests/python.ts";

export interface Compared {
  readonly size: [width: number, height: number];
  readonly mode: string;
  readonly difference: number | null;
  readonly camera: string | null;
  readonly orientation: number | null;
  readonly hasPlace: boolean;
  readonly source: string | null;
  readonly options: string | null;
  readonly sha256: string;
  readonly restored: string | null;
}

export class Comparer {
  readonly #python: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor() {
    const env = { ...process.env, PYTHONPATH: `${WEB}../src`, OMP_NUM_THREADS: "1" };
    this.#python = spawn(pythonProgram(), [`${WEB}e2e/compared.py`], { env });
    this.#python.stderr.pipe(process.stderr);
    this.#lines = createInterface(this.#python.stdout);
  }

  /** One question at a time. */
  ask(original: string, saved: string, wishes: object): Promise<Compared> {
    return new Promise((resolve, reject) => {
      this.#python.once("exit", () => reject(new Error("Python has left; it said why above")));
      this.#lines.once("line", (line) => {
        this.#python.removeAllListeners("exit");
        resolve(JSON.parse(line) as Compared);
      });
      this.#python.stdin.write(`${JSON.stringify({ original, saved, wishes })}\n`);
    });
  }

  close(): void {
    this.#python.stdin.end();
  }
}
