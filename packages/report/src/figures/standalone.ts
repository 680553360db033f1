/** A figure as a file by itself. */

import sharp from "sharp";
import type { Drawing } from "./figure.ts";
import { LIGHT } from "./palette.ts";

/** The SVG on white paper, with colours in place of variables. */
export function standaloneSvg({ svg }: Drawing & { kind: "svg" }): string {
  const coloured = svg.replaceAll(/="var\(--([a-z0-9-]+)\)"/g, (whole, name: string) =>
    LIGHT[name] === undefined ? whole : `="${LIGHT[name]}"`,
  );
  return coloured.replace(
    /^<svg[^>]*>/,
    (start) => `${start}<rect width="100%" height="100%" fill="#ffffff"/>`,
  );
}

/** A PNG: of a chart, twice as large as it is shown, with the fonts of this machine. */
export async function standalonePng(drawing: Drawing): Promise<Buffer> {
  if (drawing.kind === "png") return drawing.png;
  return sharp(Buffer.from(standaloneSvg(drawing)), { density: 144 })
    .png()
    .toBuffer();
}
