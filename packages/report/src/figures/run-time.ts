/** How long each run took, against its limit. */

import { FigureDataError } from "../errors.ts";
import { plainTable } from "../table.ts";
import { oneLine } from "../text.ts";
import { ACCENT, draw, INK, MARKER } from "./draw.ts";
import type { Figure } from "./figure.ts";
import { distinct, rowAxis } from "./row-axis.ts";

export interface RunTime {
  name: string;
  seconds: number;
  limitSeconds?: number;
}

/** Shares of the limit, so that a minute of one and twenty of another can be compared; without a limit there is no bar. */
export async function runTimes(runs: readonly RunTime[]): Promise<Figure> {
  const limited = runs.filter((run): run is Required<RunTime> => (run.limitSeconds ?? 0) > 0);
  if (limited.length === 0) throw new FigureDataError("Run time", "a run with a limit", "none");
  const labels = distinct(limited.map(({ name }) => oneLine(name, 40)));
  const rows = limited.map(({ seconds, limitSeconds }, i) => ({
    label: labels[i]!,
    share: (100 * seconds) / limitSeconds,
    end: Math.max(100, (100 * seconds) / limitSeconds),
    text: `${short(seconds)} of ${short(limitSeconds)} s`,
  }));
  const largest = Math.max(100, ...rows.map(({ share }) => share));
  const domain = [0, largest * 1.35];
  const x = { type: "quantitative", scale: { domain, nice: false } } as const;
  const y = rowAxis(rows);
  const drawing = await draw({
    width: 400,
    height: Math.max(50, 28 * rows.length),
    layer: [
      {
        data: { values: rows },
        mark: { type: "bar", height: 12, color: ACCENT },
        encoding: {
          y,
          x: { field: "share", ...x, title: "share of the limit, %", axis: { values: [0, 25, 50, 75, 100] } },
        },
      },
      {
        data: { values: rows },
        mark: { type: "text", align: "left", dx: 5, color: INK },
        encoding: { y, x: { field: "end", ...x }, text: { field: "text" } },
      },
      {
        data: { values: [{ limit: 100 }] },
        mark: { type: "rule", color: MARKER, strokeWidth: 2 },
        encoding: { x: { field: "limit", ...x } },
      },
    ],
  });
  const texts = rows.map(({ label, text, share }) => `${label}: ${text} (${share.toFixed(0)} %)`);
  return {
    title: "Run time against the limit",
    alt: `Wall-clock time against the limit. ${texts.join("; ")}.`,
    caption: "The line at 100 % is the limit; beyond it a run is stopped.",
    drawing,
    data: plainTable(
      "Run time",
      ["run", "seconds", "limit"],
      runs.map(({ name, seconds, limitSeconds }) => [
        name,
        short(seconds),
        limitSeconds === undefined ? undefined : short(limitSeconds),
      ]),
    ),
  };
}

const short = (seconds: number) => String(Number(seconds.toFixed(seconds < 10 ? 2 : 0)));
