/** Draws Vega-Lite specifications as SVG: without a DOM, without fonts, the same bytes each time. */

import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Drawing } from "./figure.ts";

/** Colours of text, lines and marks: variables, which a page sets. */
export const INK = "var(--ink)";
export const FAINT = "var(--faint)";
export const PAPER = "var(--paper)";
export const ACCENT = "var(--accent)";
/** Of a baseline, a limit: what something is held against. */
export const MARKER = "var(--marker)";

const FONT = "system-ui, sans-serif";
/** Of a label, by an estimate that takes letters for half as wide again as they are. */
const LABEL_PIXELS = 260;

const text = { labelColor: INK, titleColor: INK, labelFont: FONT, titleFont: FONT };
const config: NonNullable<TopLevelSpec["config"]> = {
  aria: false, // The figure has one text for all of it, and its numbers as a table.
  background: "transparent",
  font: FONT,
  view: { stroke: null },
  axis: {
    ...text,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: LABEL_PIXELS,
    titleLimit: 300,
    domainColor: FAINT,
    tickColor: FAINT,
    gridColor: "var(--grid)",
  },
  legend: {
    ...text,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: LABEL_PIXELS,
  },
  header: { ...text, labelFontSize: 12, labelLimit: LABEL_PIXELS },
  text: { color: INK, font: FONT, fontSize: 11 },
};

/** @param spec texts from elsewhere belong into its data, scale domains and titles alone: the rest of a spec may be code */
export async function draw(spec: TopLevelSpec): Promise<Drawing & { kind: "svg" }> {
  const { spec: compiled } = compile({ ...spec, config });
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  try {
    const svg = trimmed(await view.toSVG());
    const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
    return { kind: "svg", svg, width: Number(width), height: Number(height) };
  } finally {
    view.finalize();
  }
}

/**
 * Vega gives its groups roles, and no names that these would need: the drawing as a whole has both. And it places marks to 14 digits: of
 * thousands of points that is much, and a hundredth of a pixel nothing.
 */
function trimmed(svg: string): string {
  return svg.replaceAll(/<[a-z]+ [^>]*>/g, (tag) =>
    tag
      .replaceAll(/ (?:role|aria-[a-z]+)="[^"]*"/g, "")
      .replaceAll(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}
