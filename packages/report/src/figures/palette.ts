/** The colours of figures: on white paper, and on a dark screen. */

/** Ten classes, with names in their midst where they are drawn: few people can tell ten colours apart (the first six: Okabe and Ito 2008). */
const LIGHT_SERIES = [
  ...["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b38600"],
  ...["#56b4e9", "#7a4fbf", "#8c564b", "#7f7f7f", "#5a9e1a"],
];
const DARK_SERIES = [
  ...["#6cb6f5", "#ff8c42", "#2fc9a0", "#f2a0cc", "#e6b422"],
  ...["#9bd8ff", "#b79bff", "#c99a8b", "#b5bcc4", "#9bdb4d"],
];

export const LIGHT: Readonly<Record<string, string>> = {
  paper: "#ffffff",
  ink: "#1b1f24",
  faint: "#5f6772",
  grid: "#e3e6ea",
  accent: "#0b62a8",
  marker: "#b3400a",
  ...series(LIGHT_SERIES),
};

export const DARK: Readonly<Record<string, string>> = {
  paper: "#14171b",
  ink: "#e8eaed",
  faint: "#9aa3ad",
  grid: "#2d333b",
  accent: "#6cb6f5",
  marker: "#ff9a5c",
  ...series(DARK_SERIES),
};

/** The colour of the series or class number `i`. */
export const seriesColour = (i: number) => `var(--series-${i % LIGHT_SERIES.length})`;

function series(colours: readonly string[]): Record<string, string> {
  return Object.fromEntries(colours.map((colour, i) => [`series-${i}`, colour]));
}
