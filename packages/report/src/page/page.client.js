// What the page does once it is open: tables sort, and marks of figures show their images. Without it the page is whole, but still.

for (const table of document.querySelectorAll("table[data-sortable]")) sortable(table);
for (const drawing of document.querySelectorAll("[data-marks]")) pointable(drawing);
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});

/** A button in each heading: up, down, and back to the order it came in. */
function sortable(table) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: null }[heading.ariaSort] ?? "ascending";
      const order = heading.ariaSort === "descending" ? null : next;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      if (order) heading.setAttribute("aria-sort", order);
      body.append(...(order ? sorted(original, heading.cellIndex, order) : original));
    });
  }
}

/** By number where a cell begins with one, else by text; cells without either last. */
function sorted(rows, column, order) {
  const sign = order === "ascending" ? 1 : -1;
  const keyed = rows.map((row) => {
    const text = row.cells[column].textContent.trim();
    return { row, text, number: Number.parseFloat(text) };
  });
  const isLast = ({ text }) => text === "" || text === "n/a";
  return keyed
    .sort((a, b) => {
      if (isLast(a) || isLast(b)) return isLast(a) - isLast(b);
      const difference = a.number - b.number;
      return (
        sign * (Number.isNaN(difference) ? a.text.localeCompare(b.text, "en", { numeric: true }) : difference)
      );
    })
    .map(({ row }) => row);
}

/** Shows the images of the mark that is pointed at, or that the arrow keys have come to. */
function pointable(drawing) {
  const marks = JSON.parse(drawing.dataset.marks);
  const elements = [...drawing.querySelector(`g.${drawing.dataset.group}`).children];
  const image = document.getElementById(drawing.dataset.sprite);
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const label = document.createElement("div");
  label.setAttribute("role", "status");
  tip.append(canvas, label);
  drawing.after(tip);
  let current = -1;

  const hide = () => {
    elements[current]?.classList.remove("current");
    tip.hidden = true;
  };
  const show = (i) => {
    hide();
    current = i;
    elements[i].classList.add("current");
    const [text, tiles] = marks[i];
    tip.hidden = false;
    label.textContent = text;
    draw(tiles);
    const mark = elements[i].getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const below = mark.bottom + 8 + height < innerHeight ? mark.bottom + 8 : mark.top - 8 - height;
    tip.style.left = `${Math.max(4, Math.min(mark.left, innerWidth - width - 12))}px`;
    tip.style.top = `${Math.max(4, below)}px`;
  };
  const draw = async (tiles) => {
    canvas.hidden = tiles.length === 0;
    if (canvas.hidden) return;
    const [columns, width, height] = drawing.dataset.tile.split(" ").map(Number);
    const perRow = Math.min(4, tiles.length);
    const scale = Math.max(1, Math.floor(64 / width));
    canvas.width = perRow * width;
    canvas.height = Math.ceil(tiles.length / perRow) * height;
    canvas.style.width = `${canvas.width * scale}px`;
    const drawn = current;
    await image.decode();
    if (drawn !== current) return;
    for (const [i, tile] of tiles.entries()) {
      canvas
        .getContext("2d")
        .drawImage(
          image,
          (tile % columns) * width,
          Math.floor(tile / columns) * height,
          width,
          height,
          (i % perRow) * width,
          Math.floor(i / perRow) * height,
          width,
          height,
        );
    }
  };

  drawing.addEventListener("pointerover", ({ target }) => {
    const i = elements.indexOf(target);
    if (i >= 0) show(i);
  });
  drawing.addEventListener("pointerleave", hide);
  drawing.addEventListener("blur", hide);
  drawing.addEventListener("keydown", (event) => {
    const columns = Number(drawing.dataset.columns);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (event.key === "Escape") hide();
    if (step === undefined) return;
    event.preventDefault();
    show(current < 0 ? 0 : (current + step + elements.length) % elements.length);
  });
}
