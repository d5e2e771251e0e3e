/** Python, asked for what to compare with. `WEB_PYTHON` names it. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const WEB = fileURLToPath(new URL("..", import.meta.url));
export const FIXTURES = `${WEB}.fixtures`;
const OWN = `${WEB}../.venv/bin/python`;

export function pythonProgram(): string {
  return process.env.WEB_PYTHON ?? (existsSync(OWN) ? OWN : "python3");
}

/** What a script prints. Throws where it fails. */
export function python(script: string, ...given: string[]): string {
  return execFileSync(pythonProgram(), [`${WEB}${script}`, ...given], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: `${WEB}../src` },
    maxBuffer: 1 << 28,
  });
}
