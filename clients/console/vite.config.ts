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

/**
 * The console lets people choose light or dark, as unfold does with a class; so the dark half of
 * the shared tokens, which follows the system elsewhere, hangs on that class here.
 */
function darkByClass(): Plugin {
  const media = /@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}\s*\}/;
  return {
    name: "dark-by-class",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/design/tokens.css")) {
        return null;
      }
      if (!media.test(code)) {
        this.error("the tokens have no dark half where it is looked for");
      }
      const light = code.replace("color-scheme: light dark;", "color-scheme: light;");
      return light.replace(media, "html.dark {$1 color-scheme: dark; }");
    },
  };
}

export default defineConfig({
  // The server knows where the files are; they name each other relative to themselves.
  base: "./",
  plugins: [darkByClass(), compressed()],
  build: {
    outDir: fileURLToPath(new URL("../../src/shareback/web/static/console", import.meta.url)),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // A polyfill would be an inline script, which the pages forbid.
    modulePreload: false,
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: "src/main.ts" },
  },
});
