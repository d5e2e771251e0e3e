import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";
import { compress } from "./plugins/compress.ts";
import { models } from "./plugins/models.ts";
import { offline, SERVICE_WORKER } from "./plugins/offline.ts";
import { version } from "./plugins/version.ts";
import { words } from "./plugins/words.ts";

// Threads of the runtime share memory, which browsers allow only under these two.
const isolated = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig(({ mode }) => ({
  base: "./", // the site runs at any path of any host
  plugins: [
    react(),
    words(),
    models(mode === "static"),
    offline(),
    ...(mode === "static" ? [] : [compress()]),
  ],
  // The runtime's script without its own copy of the files that `wasmPaths` names.
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions] },
  define: {
    __PHOTOCHROM_VERSION__: JSON.stringify(version()),
    __IS_STATIC__: String(mode === "static"),
  },
  worker: { format: "es" },
  server: { headers: isolated },
  preview: { headers: isolated },
  build: {
    outDir: mode === "static" ? "dist-static" : "../src/photochrom/server/site",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2023",
    rolldownOptions: {
      input: { index: "index.html", "service-worker": "src/offline/service-worker.ts" },
      output: {
        entryFileNames: ({ name }) =>
          name === "service-worker" ? SERVICE_WORKER : "assets/[name]-[hash].js",
      },
    },
  },
}));
