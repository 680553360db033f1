/** `renderReport(model)`: a page in one file, that loads nothing and opens from disk. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { DARK, LIGHT } from "../figures/palette.ts";
import type { Sprite } from "../images/sprite.ts";
import { type Html, html, markupOf, trusted } from "./html.ts";
import type { ReportModel, Section } from "./model.ts";
import { figurePart, indexOfSprite, logsPart, remarksPart, spritePart, tablePart } from "./parts.ts";

const own = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const SCRIPT = own("./page.client.js");
const STYLE = `${variables()}\n${own("./page.css")}`;

/** Nothing is loaded, nothing runs and nothing is styled but by the one script and the one style sheet whose hashes these are. */
const POLICY = [
  "default-src 'none'",
  "img-src data:",
  `style-src '${hash(STYLE)}'`,
  `script-src '${hash(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The same model: the same bytes. All texts of the model are escaped. */
export function renderReport(model: ReportModel): string {
  const { title, subtitle, facts, sections } = model;
  const figures = sections.flatMap((section) => section.figures ?? []).flat();
  const sprites = distinctSprites(figures.flatMap(({ hover }) => hover?.sprite ?? []));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the results</a>
<header>
<h1>${title}</h1>
${subtitle !== undefined ? html`<p class="subtitle">${subtitle}</p>` : undefined}
<nav aria-label="Sections"><ul>${sections.map((section, i) => html`<li><a href="#s${i}">${section.title}</a></li>`)}</ul></nav>
</header>
<main id="content" tabindex="-1">
${facts.length > 0 ? html`<dl class="facts">${facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>` : undefined}
${sections.map((section, i) => sectionPart(section, i, sprites))}
</main>
${sprites.map(spritePart)}<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
  return markupOf(page);
}

function sectionPart(section: Section, i: number, sprites: readonly Sprite[]): Html {
  const { title, remarks = [], tables = [], figures = [], logs = [] } = section;
  return html`<section aria-labelledby="s${i}">
<h2 id="s${i}">${title}</h2>
${remarks.length > 0 ? remarksPart(remarks) : undefined}
${tables.map(tablePart)}
${figures.map((row) => html`<div class="figures">\n${row.map((figure) => figurePart(figure, sprites))}</div>\n`)}
${logs.length > 0 ? logsPart(logs) : undefined}
</section>
`;
}

/** Maps of the same images (those of two models) have the same sprite, which is most of a page's bytes. */
function distinctSprites(sprites: readonly Sprite[]): Sprite[] {
  return sprites.filter((sprite, i) => indexOfSprite(sprite, sprites) === i);
}

function variables(): string {
  const list = (colours: Readonly<Record<string, string>>) =>
    Object.entries(colours)
      .map(([name, colour]) => `--${name}: ${colour};`)
      .join(" ");
  return `:root { ${list(LIGHT)} }\n@media screen and (prefers-color-scheme: dark) { :root { ${list(DARK)} } }`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
