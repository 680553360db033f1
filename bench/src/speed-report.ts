// The table of `pnpm bench jit` and `pnpm bench models`.

import { type Column, table, threeDigits } from "@touchstone/cli";
import type { Timing } from "./measure.ts";
import { type EagerRow, imagesPerIteration, type Row } from "./rows/row.ts";
import { LAYOUTS, type Layout } from "./torch.ts";

/** Images a second by the median iteration; what could not be had is left out. */
export interface Result {
  row: Row;
  timings: Partial<Record<"ours" | Layout, Timing>>;
  tfjsNode?: number;
  tfjsWasm?: number;
}

export interface Figures {
  ours: number | undefined;
  torch: Record<Layout, number | undefined>;
  /** Ours / the better PyTorch layout. */
  ratio: number | undefined;
  /** The same by each one's best iteration: what other work on the machine disturbs least. */
  ratioAtBest: number | undefined;
  /** FLOP/s of our best iteration / those of the best matrix product. */
  shareOfPeak: number | undefined;
}

export function figures({ row, timings }: Result, peakFlops: number): Figures {
  const images = imagesPerIteration(row);
  const speed = (timing: Timing | undefined) => timing && (1000 * images) / timing.median;
  const least = (by: "median" | "min") =>
    Math.min(...LAYOUTS.flatMap((layout) => timings[layout]?.[by] ?? Number.POSITIVE_INFINITY));
  const ratio = (by: "median" | "min") =>
    timings.ours && least(by) < Number.POSITIVE_INFINITY ? least(by) / timings.ours[by] : undefined;
  return {
    ours: speed(timings.ours),
    torch: { default: speed(timings.default), channels_last: speed(timings.channels_last) },
    ratio: ratio("median"),
    ratioAtBest: ratio("min"),
    shareOfPeak: timings.ours && (1000 * row.flops * images) / timings.ours.min / peakFlops,
  };
}

export function report(results: Result[], peakFlops: number, hasEager: boolean): string {
  const rows = results.map((result) => ({ ...result, ...figures(result, peakFlops) }));
  return [
    table(columns(hasEager), rows),
    "",
    "Images a second, by the median iteration; ratio: ours / the better PyTorch layout, and by each one's best iteration.",
    `Peak: a 2048 x 2048 x 2048 fp32 matrix product at ${(peakFlops / 1e9).toFixed(0)} GFLOP/s; ` +
      "the share of it is by our best iteration.",
  ].join("\n");
}

const shown = (value: number | undefined, format: (value: number) => string = threeDigits) =>
  value === undefined ? undefined : format(value);

const EAGER: Column<Result>[] = [
  { title: "tfjs-node", cell: ({ tfjsNode }) => shown(tfjsNode) },
  { title: "tfjs-wasm", cell: ({ tfjsWasm }) => shown(tfjsWasm) },
];
const TARGET: Column<Result>[] = [
  { title: "target", cell: ({ row }) => shown((row as EagerRow).target, (value) => value.toFixed(1)) },
];

const columns = (hasEager: boolean): Column<Result & Figures>[] => [
  { title: "work", cell: ({ row }) => row.title },
  { title: "ours", cell: ({ ours }) => shown(ours) },
  { title: "PyTorch", cell: ({ torch }) => shown(torch.default) },
  { title: "channels_last", cell: ({ torch }) => shown(torch.channels_last) },
  ...(hasEager ? EAGER : []),
  { title: "ratio", cell: ({ ratio }) => shown(ratio, (value) => value.toFixed(2)) },
  { title: "at best", cell: ({ ratioAtBest }) => shown(ratioAtBest, (value) => value.toFixed(2)) },
  ...(hasEager ? TARGET : []),
  { title: "% of peak", cell: ({ shareOfPeak }) => shown(shareOfPeak, (value) => (100 * value).toFixed(0)) },
];

/** One row's figures in a line; the peak is the best product so far. */
export function summaryLine(result: Result, peakFlops: number, hasEager: boolean): string {
  const row = { ...result, ...figures(result, peakFlops) };
  const [, ...rest] = columns(hasEager);
  return rest.map(({ title, cell }) => `${title} ${cell(row) ?? "-"}`).join(", ");
}
