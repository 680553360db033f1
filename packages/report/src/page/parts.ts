/** The parts of a page as HTML: tables, figures, remarks, what programs printed. */

import type { Drawing, Figure } from "../figures/figure.ts";
import type { Sprite } from "../images/sprite.ts";
import type { Table, TableRow } from "../table.ts";
import { type Html, html, trusted } from "./html.ts";
import type { Remark, Section } from "./model.ts";

export function tablePart(table: Table): Html {
  const { title, columns, rows, notes } = table;
  const mark = (note: number | undefined) => (note === undefined ? undefined : html`<sup>[${note}]</sup>`);
  const side = (i: number) => (columns[i]?.align === "right" ? "right" : "left");
  const cell = (value: TableRow["cells"][number], i: number) => {
    const content = html`${value?.text}${mark(value?.note)}`;
    return i === 0
      ? html`<th scope="row" class="${side(i)}">${content}</th>`
      : html`<td class="${side(i)}">${content}</td>`;
  };
  return html`<div class="wide" role="group" aria-label="${title}" tabindex="0"><table${rows.length > 1 ? trusted(" data-sortable") : undefined}>
<caption>${title}</caption>
<thead><tr>${columns.map(({ title, note }, i) => html`<th scope="col" class="${side(i)}">${title}${mark(note)}</th>`)}</tr></thead>
<tbody>
${rows.map(({ kind, cells }) => html`<tr class="${kind}">${columns.map((_, i) => cell(cells[i], i))}</tr>\n`)}</tbody>
</table></div>
${notes.map((note, i) => html`<p class="notes">[${i + 1}] ${note}</p>\n`)}`;
}

/** @param sprites of the page: a figure names its own */
export function figurePart(figure: Figure, sprites: readonly Sprite[]): Html {
  const { title, alt, caption, drawing, hover, data } = figure;
  return html`<figure>
<h3>${title}</h3>
${hover ? pointable(figure, hover, sprites) : html`<div class="drawing">${drawingPart(drawing, alt)}</div>`}
${caption !== undefined ? html`<figcaption>${caption}</figcaption>` : undefined}
${data && html`<details class="numbers"><summary>The numbers of this figure</summary>${tablePart(data)}</details>`}
</figure>
`;
}

function pointable(
  { title, alt, drawing }: Figure,
  { group, columns, marks, sprite }: NonNullable<Figure["hover"]>,
  sprites: readonly Sprite[],
): Html {
  const pairs = JSON.stringify(marks.map(({ text, tiles }) => [text, tiles]));
  const tile =
    sprite &&
    html` data-sprite="${spriteId(indexOfSprite(sprite, sprites))}" data-tile="${sprite.columns} ${sprite.width} ${sprite.height}"`;
  return html`<div class="drawing" tabindex="0" role="group" aria-label="${title}: move with the arrow keys" data-group="${group}" data-columns="${columns}" data-marks="${pairs}"${tile}>${drawingPart(drawing, alt)}</div>`;
}

function drawingPart(drawing: Drawing, alt: string): Html {
  if (drawing.kind === "png") {
    const { png, width, height, scale } = drawing;
    return html`<img src="${dataUri("image/png", png)}" width="${width * scale}" height="${height * scale}" alt="${alt}">`;
  }
  const label = html` role="img" aria-label="${alt}" `;
  const [start = "", ...rest] = drawing.svg.split(/(?<=^<svg)/);
  return html`${trusted(start)}${label}${trusted(rest.join(""))}`;
}

/** Where a sprite of the same bytes stands. */
export function indexOfSprite({ webp }: Sprite, sprites: readonly Sprite[]): number {
  return sprites.findIndex((each) => each.webp.equals(webp));
}

/** Out of sight: the script takes tiles from it. Figures of the same points share one. */
export function spritePart({ webp }: Sprite, i: number): Html {
  return html`<img id="${spriteId(i)}" src="${dataUri("image/webp", webp)}" alt="" hidden>\n`;
}

const spriteId = (i: number) => `sprite-${i}`;

const dataUri = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString("base64")}`;

export function remarksPart(remarks: readonly Remark[]): Html {
  const words = { error: "Error", warning: "Warning" };
  return html`<ul class="remarks">${remarks.map(
    ({ severity, subject, text }) =>
      html`<li><span class="${severity}">${words[severity]}</span>, ${subject}: ${text}</li>\n`,
  )}</ul>`;
}

export function logsPart(logs: NonNullable<Section["logs"]>): Html {
  return html`${logs.map(
    ({ title, lines }) =>
      html`<details><summary>${title}</summary><pre tabindex="0" role="group" aria-label="${title}">${lines.map((line) => html`${line}\n`)}</pre></details>\n`,
  )}`;
}
