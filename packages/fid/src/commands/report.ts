/** A comparison as people and as machines read it. */

import { percent, printable, table } from "@touchstone/cli";
import type { Problem } from "@touchstone/datasets";
import type { Comparison } from "../compare/index.ts";
import { distanceName } from "../extractors/index.ts";
import type { FeatureSet } from "../sets/index.ts";
import { notesOf } from "./notes.ts";
import type { Result } from "./run.ts";

/** What the figures depend on besides the sets' own protocols. */
export interface Settings {
  seed: number;
  device: string;
  force?: boolean;
}

interface Row {
  name: string;
  value: string;
  spread?: string | undefined;
  meaning: string;
}

const LISTED = 10;

export function renderText(result: Result, settings: Settings): string {
  const { comparison } = result;
  const sets = setsOf(result);
  const parts = [setTable(result)];
  if (comparison) {
    const name = nameOf(sets);
    const rows = rowsOf(comparison, name);
    const notes = notesOf(sets, comparison, name, settings.force);
    parts.push(
      table(
        [
          { title: "metric", cell: ({ name }) => name },
          { title: "value", cell: ({ value }) => value },
          { title: "spread", cell: ({ spread }) => spread },
          { title: "meaning", cell: ({ meaning }) => meaning, align: "left" },
        ],
        rows,
      ),
      ...copiesText(comparison),
      ...(notes.length > 0 ? [notes.join("\n")] : []),
    );
  }
  for (const { path, skipped } of sets) parts.push(...skippedText(path, skipped));
  parts.push(protocolText(sets, settings));
  return `${parts.join("\n\n")}\n`;
}

/** JSON alone, with a line break at its end. */
export function renderJson(result: Result, settings: Settings): string {
  const { reference, generated, comparison } = result;
  const shown = ({ path, statistics, fingerprint, skipped }: FeatureSet) => ({
    path,
    n: statistics.n ?? null,
    protocol: fingerprint ?? null,
    skipped,
  });
  const { seed, device, force } = settings;
  const sets = setsOf(result);
  const name = nameOf(sets);
  const json = {
    ...(reference && { reference: shown(reference) }),
    ...(generated && { generated: shown(generated) }),
    settings: { seed, device, forced: force ?? false },
    ...(comparison && {
      distanceName: name,
      ...comparison,
      notes: notesOf(sets, comparison, name, force),
    }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** The reference first. */
function setsOf({ reference, generated }: Result): FeatureSet[] {
  return [reference, generated].filter((set) => set !== undefined);
}

/** Of two sets, the name that both protocols allow. */
function nameOf(sets: readonly FeatureSet[]): string {
  const names = new Set(sets.map(({ fingerprint }) => distanceName(fingerprint)));
  return names.size === 1 ? [...names][0]! : distanceName(undefined);
}

function setTable({ reference, generated }: Result): string {
  const sets = Object.entries({ reference, generated }).flatMap(([role, set]) =>
    set ? [{ role, set }] : [],
  );
  return table(
    [
      { title: "set", cell: ({ role }) => role },
      { title: "images", cell: ({ set }) => set.statistics.n?.toLocaleString("en") ?? "unknown" },
      { title: "path", cell: ({ set }) => set.path, align: "left" },
    ],
    sets,
  );
}

function rowsOf(comparison: Comparison, name: string): Row[] {
  const { distance, float32, interval, infinity, kid, inceptionScore, manifold, memorisation } = comparison;
  const rows: Row[] = [];
  if (distance) {
    rows.push({
      name,
      value: digits(distance.distance),
      spread: `+- ${distance.errorBound.toExponential(0)}`,
      meaning: "distance of the features' Gaussians, in float64; spread: numerical error at most",
    });
  }
  if (float32) rows.push(float32Row(float32, name));
  if (interval) {
    rows.push({
      name: `${name}, bias removed`,
      value: digits(interval.corrected),
      spread: `${digits(interval.low)} - ${digits(interval.high)}`,
      meaning: `95 % interval for the choice of the generated images (jackknife, ${interval.groups} groups)`,
    });
  }
  if (infinity) {
    rows.push({
      name: `${name}, infinite n`,
      value: digits(infinity.limit),
      spread: `+- ${digits(infinity.standardError)}`,
      meaning: "a line in 1/n through smaller sets; spread: standard error of the fit",
    });
  }
  if (kid) {
    rows.push({
      name: "KID x 1000",
      value: digits(1000 * kid.mean),
      spread: `+- ${digits(1000 * kid.std)}`,
      meaning: `without bias; spread over ${kid.subsets} subsets of ${kid.subsetSize}`,
    });
  }
  if (inceptionScore) {
    rows.push({
      name: "Inception Score",
      value: digits(inceptionScore.mean),
      spread: `+- ${digits(inceptionScore.std)}`,
      meaning: `of the generated images; spread over ${inceptionScore.splits} splits`,
    });
  }
  if (manifold) rows.push(...manifoldRows(manifold));
  if (memorisation) rows.push(...memorisationRows(memorisation));
  return rows;
}

function float32Row({ distance, device, difference }: NonNullable<Comparison["float32"]>, name: string): Row {
  const row = { name: `${name}, float32 on ${device}`, value: digits(distance) };
  if (difference !== undefined) {
    return { ...row, spread: signed(difference), meaning: "the same in float32; spread: how far off it is" };
  }
  return {
    ...row,
    meaning: "distance of the features' Gaussians, in float32; --precision both says how far off it is",
  };
}

function manifoldRows(scores: NonNullable<Comparison["manifold"]>): Row[] {
  const { precision, recall, density, coverage } = scores;
  const row = (name: string, value: number | undefined, shown: (value: number) => string, meaning: string) =>
    value === undefined ? [] : [{ name, value: shown(value), meaning }];
  return [
    ...row("precision", precision, percent, "of the generated, close to the reference"),
    ...row("recall", recall, percent, "of the reference, close to the generated"),
    ...row("density", density, digits, "1 where as dense as the reference"),
    ...row("coverage", coverage, percent, "of the reference, with a generated image nearby"),
  ];
}

function memorisationRows(scores: NonNullable<Comparison["memorisation"]>): Row[] {
  const { copiedShare, repeatedShare, authenticity, expectedAuthenticity } = scores;
  return [
    {
      name: "copied",
      value: percent(copiedShare),
      meaning: "as near to a reference image as 1 % of these are to each other",
    },
    {
      name: "repeated",
      value: percent(repeatedShare),
      meaning: "as near to another generated image as that",
    },
    {
      name: "authenticity",
      value: percent(authenticity),
      meaning: `farther from the reference than it is from itself; of fresh real images ${percent(expectedAuthenticity)}`,
    },
  ];
}

function copiesText({ memorisation }: Comparison): string[] {
  if (!memorisation) return [];
  const copies = memorisation.copies.filter(({ relative }) => relative < 1).slice(0, LISTED);
  const lines = copies.map(
    ({ generated, reference, relative }) =>
      `  ${printable(generated)} beside ${printable(reference)}: ${digits(relative)} of what is usual there`,
  );
  return lines.length === 0 ? [] : [`Closest to the reference:\n${lines.join("\n")}`];
}

function skippedText(path: string, skipped: readonly Problem[]): string[] {
  if (skipped.length === 0) return [];
  const lines = skipped.slice(0, LISTED).map(({ file, message }) => `  ${printable(file)}: ${message}`);
  const more = skipped.length > LISTED ? [`  and ${skipped.length - LISTED} more (--json lists all)`] : [];
  return [`Left out of ${printable(path)} (${skipped.length}):\n${[...lines, ...more].join("\n")}`];
}

function protocolText(sets: readonly FeatureSet[], { seed, device }: Settings): string {
  const protocols = sets.flatMap(({ fingerprint }) => {
    if (!fingerprint) return ["an unknown protocol"];
    const { extractor, version, weightsSha256, resize, dims } = fingerprint;
    return [
      `${extractor} version ${version}, ${dims} features, weights sha256 ${weightsSha256}, resize ${resize}`,
    ];
  });
  return `Features: ${[...new Set(protocols)].map(printable).join("; and ")}\nSeed ${seed}, device ${device}`;
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toExponential(0)}`;
}

/** Five significant digits, small values too. */
function digits(value: number): string {
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  return magnitude >= 1e-4 && magnitude < 1e6 ? String(Number(value.toPrecision(5))) : value.toExponential(3);
}
