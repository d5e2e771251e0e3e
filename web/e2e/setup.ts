/** Before the tests: photographs, the built site, our real server, a plain file server, a browser. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { FIXTURES, python, pythonProgram, WEB } from "../tests/python.ts";

declare module "vitest" {
  interface ProvidedContext {
    site: string;
    staticSite: string;
    browser: string;
  }
}

export const SITE = `${WEB}../src/photochrom/server/site`;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE_MS = 60_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  python("e2e/photographs.py", `${FIXTURES}/photographs`);
  rmSync(`${FIXTURES}/saved`, { recursive: true, force: true });
  build();
  const [port, plainPort] = [await freePort(), await freePort()];
  const serve = ["-m", "photochrom.cli.main", "serve", "--port", String(port)];
  // A plain file server: no headers of ours, and the site in a folder of it.
  const plain = ["-m", "http.server", String(plainPort), "--bind", "127.0.0.1", "-d", WEB];
  const servers = [started(serve), started(plain)];
  const browser = await chromium.launchServer({
    executablePath: CHROMIUM,
    args: [
      ...["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
      ...["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    ],
  });
  const site = `http://127.0.0.1:${port}/`;
  const staticSite = `http://127.0.0.1:${plainPort}/dist-static/`;
  const stop = async (): Promise<void> => {
    for (const server of servers) server.kill();
    await browser.close();
  };
  try {
    await Promise.all([answering(`${site}healthz`), answering(staticSite)]);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("site", site);
  project.provide("staticSite", staticSite);
  project.provide("browser", browser.wsEndpoint());
  return stop;
}

/** `make website` has built the site already; at a desk it is built anew. */
function build(): void {
  for (const [folder, script] of [
    [SITE, "build"],
    [`${WEB}dist-static`, "build:static"],
  ]) {
    if (process.env.BUILT && existsSync(`${folder}/index.html`)) continue;
    const env = { ...process.env, NODE_ENV: "production" }; // Vitest says "test", which is no release
    execFileSync("npm", ["run", "--silent", script], { cwd: WEB, stdio: "pipe", env });
  }
}

function started(args: readonly string[]): ChildProcess {
  const env = { ...process.env, PYTHONPATH: `${WEB}../src` };
  return spawn(pythonProgram(), [...args], { env, stdio: ["ignore", "ignore", "inherit"] });
}

async function answering(url: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > until) throw new Error(`${url} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
