/** Every figure of a page as a file by itself. */

import { standalonePng, standaloneSvg } from "../figures/standalone.ts";
import type { ReportModel } from "./model.ts";

export interface FigureFile {
  /** `03-face-rate.svg`: letters, digits and hyphens alone, whatever the title says. */
  name: string;
  bytes: Uint8Array;
}

/** Charts as SVG and as PNG, grids of images as PNG, in the order of the page. */
export async function figureFiles({ sections }: ReportModel): Promise<FigureFile[]> {
  const files: FigureFile[] = [];
  const figures = sections.flatMap((section) => section.figures ?? []).flat();
  for (const [i, { title, drawing }] of figures.entries()) {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .slice(0, 60);
    const name = `${String(i + 1).padStart(2, "0")}-${slug}`;
    if (drawing.kind === "svg")
      files.push({ name: `${name}.svg`, bytes: Buffer.from(standaloneSvg(drawing)) });
    files.push({ name: `${name}.png`, bytes: await standalonePng(drawing) });
  }
  return files;
}
