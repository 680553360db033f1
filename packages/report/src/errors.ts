/** Every error that `@touchstone/report` throws on purpose. */

/** Data that no figure can be drawn from: a mistake of whoever made them, or a log that is none. */
export class FigureDataError extends Error {
  readonly code = "REPORT_FIGURE_DATA";
  readonly exitCode = 2;

  /** @param what such as `Sample grid`  @param expected such as `at least one image` */
  constructor(what: string, expected: string, found: string) {
    super(`${what}: expected ${expected}, found ${found}.`);
    this.name = new.target.name;
  }
}
