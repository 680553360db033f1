/** Shows progress: one line that is rewritten on a terminal, a plain line now and then anywhere else. */

import { bytes, duration, percent, threeDigits } from "../format.ts";
import { printable } from "../printable.ts";
import type { Progress, ProgressRenderer } from "./progress.ts";

export interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const TTY_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;
const BAR = 24;

/** @param now milliseconds, from a clock that never goes back */
export function progressRenderer(
  output: Output,
  now: () => number = () => performance.now(),
): ProgressRenderer {
  const interval = output.isTTY ? TTY_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let start: { label: string; time: number; done: number } | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  let latest: Progress | undefined;
  let isLineOpen = false;

  const print = (progress: Progress) => {
    const seconds = (now() - (start?.time ?? 0)) / 1000;
    const text = line(progress, seconds, progress.done - (start?.done ?? 0), output.isTTY === true);
    if (output.isTTY) {
      output.write(`\r\u001b[2K${text.slice(0, (output.columns ?? 80) - 1)}`);
      isLineOpen = true;
    } else output.write(`${text}\n`);
    shownAt = now();
    latest = undefined;
  };
  const close = () => {
    if (latest) print(latest);
    if (isLineOpen) output.write("\n");
    isLineOpen = false;
  };

  return {
    show(progress) {
      if (progress.label !== start?.label) {
        close();
        start = { label: progress.label, time: now(), done: progress.done };
        shownAt = output.isTTY ? Number.NEGATIVE_INFINITY : now();
      }
      latest = progress;
      if (now() - shownAt >= interval) print(progress);
    },
    end: close,
  };
}

function line(progress: Progress, seconds: number, since: number, hasBar: boolean): string {
  const { label, done, total, unit, details = {} } = progress;
  const amount = (n: number) => (unit === "bytes" ? bytes(n) : String(n));
  const parts = [
    total === undefined ? `${amount(done)}${named(unit)}` : `${amount(done)}/${amount(total)}${named(unit)}`,
  ];
  if (total !== undefined && total > 0) parts.unshift(percent(done / total, 0));
  const rate = since / seconds;
  if (rate > 0 && Number.isFinite(rate)) {
    parts.push(unit === "bytes" ? `${bytes(rate)}/s` : `${threeDigits(rate)} ${unit}/s`);
    if (total !== undefined && done < total) parts.push(`${duration((total - done) / rate)} left`);
    else parts.push(duration(seconds));
  }
  for (const [name, value] of Object.entries(details)) parts.push(`${name} ${value}`);
  const bar = hasBar && total !== undefined && total > 0 ? `${drawn(done / total)} ` : "";
  return printable(`${label}  ${bar}${parts.join(", ")}`);
}

function drawn(share: number): string {
  const full = Math.max(0, Math.min(BAR, Math.round(share * BAR)));
  return `[${"#".repeat(full)}${"-".repeat(BAR - full)}]`;
}

const named = (unit: string) => (unit === "bytes" ? "" : ` ${unit}`);
