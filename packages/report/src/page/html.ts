/** `html`: a template whose values are escaped, unless they are HTML themselves. */

import { printable } from "@touchstone/cli";

const MARKUP = Symbol("markup");

export interface Html {
  readonly [MARKUP]: string;
}

type Value = string | number | Html | undefined | readonly Value[];

/** Texts are escaped, lists joined, undefined left out. Attribute values in the template stand between double quotes. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return trusted(strings.reduce((all, part, i) => all + text(values[i - 1]) + part));
}

/** Markup of our own, such as a drawing: never a text from elsewhere. */
export function trusted(markup: string): Html {
  return { [MARKUP]: markup };
}

export function markupOf(part: Html): string {
  return part[MARKUP];
}

function text(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "object") return MARKUP in value ? value[MARKUP] : value.map(text).join("");
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What steers a terminal or turns the direction of writing is shown, not done: a name ending in `gnp.exe` is not to look like an image's. */
function escaped(value: string): string {
  return printable(value).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
