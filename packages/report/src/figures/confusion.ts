/** Which classes were taken for which, with some of the images that were. */

import type { Image } from "@touchstone/datasets";
import { FigureDataError } from "../errors.ts";
import { sprite } from "../images/sprite.ts";
import { plainTable } from "../table.ts";
import { oneLine } from "../text.ts";
import { ACCENT, draw, INK, PAPER } from "./draw.ts";
import type { Figure } from "./figure.ts";

export interface Misread {
  /** Its file, shown with it. */
  name: string;
  label: number;
  read: number;
  image: Image;
}

const CELL = 34;
/** Of each cell, what is shown when it is pointed at. */
const MOST_PER_CELL = 8;

/**
 * @param counts `[class meant][class read]`
 * @param misread in any order; the first few of each cell are shown
 * @throws FigureDataError where `counts` is not square, or has something else than counts
 */
export async function confusionMatrix(
  counts: readonly (readonly number[])[],
  misread: readonly Misread[],
  { title = "Confusion", classes = counts.map((_, i) => String(i)) } = {},
): Promise<Figure> {
  requireCounts(counts);
  const names = classes.map((name) => oneLine(name, 20));
  const cells = counts.flatMap((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, read) => ({ label, read, count, share: total === 0 ? 0 : count / total }));
  });
  const values = cells.map(({ label, read, count, share }) => ({
    label: names[label],
    read: names[read],
    text: count === 0 ? "" : String(count),
    // Square roots: one image among a hundred is to be seen.
    opacity: Math.sqrt(share),
    ink: Math.sqrt(share) > 0.6 ? PAPER : INK,
  }));
  const x = {
    field: "read",
    type: "nominal",
    sort: null,
    title: "read as",
    scale: { domain: names },
  } as const;
  const y = {
    field: "label",
    type: "nominal",
    sort: null,
    title: "meant to be",
    scale: { domain: names },
  } as const;
  const drawing = await draw({
    width: CELL * names.length,
    height: CELL * names.length,
    data: { values },
    encoding: {
      x: { ...x, axis: { orient: "top", labelAngle: 0, domain: false, ticks: false } },
      y: { ...y, axis: { domain: false, ticks: false } },
    },
    layer: [
      {
        name: GROUP,
        mark: { type: "rect", color: ACCENT, stroke: "var(--grid)" },
        encoding: { fillOpacity: { field: "opacity", type: "quantitative", scale: null } },
      },
      {
        mark: { type: "text", baseline: "middle" },
        encoding: { text: { field: "text" }, color: { field: "ink", type: "nominal", scale: null } },
      },
    ],
  });
  const shown = cells.map(({ label, read }) =>
    label === read
      ? []
      : misread.filter((each) => each.label === label && each.read === read).slice(0, MOST_PER_CELL),
  );
  const images = shown.flat().map(({ image }) => image);
  let tile = 0;
  const marks = cells.map(({ label, read, count }, i) => {
    const files = shown[i]!.map(({ name }) => oneLine(name, 60));
    const listed = files.length === 0 ? "" : `: ${files.join(", ")}${count > files.length ? " …" : ""}`;
    return {
      text: `${names[label]} read as ${names[read]}, ${count} times${listed}`,
      tiles: files.map(() => tile++),
    };
  });
  const wrong = cells.filter(({ label, read }) => label !== read).sort((a, b) => b.count - a.count);
  const total = cells.reduce((sum, { count }) => sum + count, 0);
  const missed = wrong.reduce((sum, { count }) => sum + count, 0);
  const worst = wrong
    .slice(0, 3)
    .filter(({ count }) => count > 0)
    .map(({ label, read, count }) => `${names[label]} as ${names[read]} ${count} times`);
  return {
    title,
    alt: `Confusion matrix of ${total} images, ${missed} of them misread.${worst.length > 0 ? ` Most often: ${worst.join(", ")}.` : ""}`,
    caption: `Rows: the class that an image is meant to be; columns: the class it was read as.${images.length > 0 ? " Point at a cell, or move with the arrow keys, to see images of it." : ""}`,
    drawing,
    hover: {
      group: `${GROUP}_marks`,
      columns: names.length,
      marks,
      ...(images.length > 0 ? { sprite: await sprite(images) } : {}),
    },
    data: plainTable(
      `${title}: rows are what an image is meant to be, columns what it was read as`,
      ["meant", ...names],
      counts.map((row, i) => [names[i], ...row.map(String)]),
    ),
  };
}

const GROUP = "cells";

function requireCounts(counts: readonly (readonly number[])[]): void {
  const isCount = (count: number) => Number.isInteger(count) && count >= 0;
  const isSquare = counts.every((row) => row.length === counts.length && row.every(isCount));
  if (counts.length === 0 || !isSquare) {
    throw new FigureDataError("Confusion matrix", "a square of counts", JSON.stringify(counts).slice(0, 200));
  }
}
