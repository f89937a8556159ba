import { brotliCompressSync, gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
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

export default defineConfig(({ command }) => ({
  // The pages lie under /m/<slug>/, however deep; their files always here.
  base: command === "build" ? "/static/h5/" : "/",
  plugins: [vue(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    outDir: fileURLToPath(new URL("../../src/shareback/web/static/h5", import.meta.url)),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // A polyfill would be an inline script, which the pages forbid.
    modulePreload: { polyfill: false },
    // Nor may a picture or a font be inlined where the policy allows none.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/media", "/static", "/pay"].map((path) => [path, "http://127.0.0.1:8000"]),
    ),
  },
}));
