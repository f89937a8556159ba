/** Lays the fonts of printed statements where the program finds them, with their licence. */

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const FROM = join(HERE, "node_modules", "@expo-google-fonts", "noto-sans-sc");
const TO = join(HERE, "..", "..", "src", "shareback", "gateways", "papers", "fonts");
const FILES = {
  "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
  "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
  LICENSE_FONT: "LICENSE.txt",
};

rmSync(TO, { recursive: true, force: true });
mkdirSync(TO, { recursive: true });
for (const [from, to] of Object.entries(FILES)) {
  copyFileSync(join(FROM, from), join(TO, to));
}
