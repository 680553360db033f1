/** `pnpm data list`: what there is, where it is, and on which terms. */

import { Command, printable, table } from "@touchstone/cli";
import { DATASETS, type Dataset } from "../named/datasets.ts";
import { type DataFolder, dataFolders } from "../named/folders.ts";
import { placesOf } from "../named/places.ts";
import { SPLITS } from "../named/splits.ts";
import { DATA_OPTION, type DataOptions, JSON_OPTION, print, printJson } from "./shared.ts";

export function listCommand(): Command {
  return new Command("list")
    .description("What there is, where it is, and on which terms")
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExample: pnpm data list --data ../shared/data")
    .action(list);
}

function list({ data, json }: DataOptions): void {
  const folders = dataFolders(data);
  const rows = Object.entries(DATASETS).flatMap(([dataset, { about, origin, splits }]) =>
    splits.map((name) => {
      const places = placesOf(SPLITS[name]!, folders).map(({ kind, path }) => ({ kind, path }));
      return { name, dataset, about, origin, images: SPLITS[name]!.count, places };
    }),
  );
  if (json) printJson(rows);
  else print([inventory(rows), located(folders), terms(), ADVICE].join("\n\n"));
}

const ADVICE = "pnpm data pull NAME fetches a data set, pnpm data import NAME PATH takes one that you have.";

interface Row {
  name: string;
  about: string;
  images: number | undefined;
  places: { kind: string }[];
}

const inventory = (rows: Row[]) =>
  table<Row>(
    [
      { title: "data set", cell: ({ name }) => name },
      { title: "images", cell: ({ images }) => images?.toLocaleString("en") },
      { title: "here", align: "left", cell: here },
      { title: "what it is", align: "left", cell: ({ about }) => about },
    ],
    rows,
  );

function here({ name, places }: Row): string | undefined {
  if (places.length > 0) return [...new Set(places.map(({ kind }) => kind))].join(", ");
  return name === "mnist-m/train" ? "made when needed" : undefined;
}

const located = (folders: DataFolder[]) =>
  folders.map(({ kind, path }) => `${kind}: ${printable(path)}`).join("\n");

const terms = () =>
  table(
    [
      { title: "data set", cell: ([name]) => name },
      { title: "origin and terms", align: "left", cell: ([, { origin }]) => origin },
    ],
    Object.entries<Dataset>(DATASETS),
  );
