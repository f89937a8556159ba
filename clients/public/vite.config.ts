import { brotliCompressSync, gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

import { defineConfig, type Plugin } from "vite";

const COMPRESSED_FROM_BYTES = 1024;

/** Puts a .gz and a .br beside every file worth it, so that the server compresses nothing. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          const source = file.type === "chunk" ? file.code : file.source;
          const bytes = Buffer.from(source);
          if (bytes.length < COMPRESSED_FROM_BYTES || !/\.(css|js)$/.test(name)) {
            continue;
          }
          this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(bytes) });
          this.emitFile({ type: "asset", fileName: `${name}.br`, source: brotliCompressSync(bytes) });
        }
      },
    },
  };
}

export default defineConfig({
  // The server knows where the files are; they name each other relative to themselves.
  base: "./",
  plugins: [compressed()],
  build: {
    outDir: fileURLToPath(new URL("../../src/shareback/web/static/built", import.meta.url)),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // A polyfill would be an inline script, which the pages forbid.
    modulePreload: false,
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: "src/main.ts" },
  },
});
