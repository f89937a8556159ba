/** Reads QR codes out of pictures; loaded only where one is scanned. */

import jsQR from "jsqr";

const WIDE_MAX = 800;

/** The text of the QR code in a picture, "" where there is none. */
export function codeIn(picture: CanvasImageSource, width: number, height: number, canvas: HTMLCanvasElement): string {
  const scale = Math.min(1, WIDE_MAX / Math.max(width, height));
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (pen === null || wide === 0 || high === 0) {
    return "";
  }
  canvas.width = wide;
  canvas.height = high;
  pen.drawImage(picture, 0, 0, wide, high);
  const pixels = pen.getImageData(0, 0, wide, high);
  return jsQR(pixels.data, wide, high, { inversionAttempts: "attemptBoth" })?.data ?? "";
}
