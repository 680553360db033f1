// Why a cell holds a dash: one line for each reason, with the rows it struck.
export class Notes {
  readonly #rows = new Map<string, string[]>();

  add(who: string, { message }: Error, row?: string): void {
    const reason = `${who}: ${message}`;
    this.#rows.set(reason, [...(this.#rows.get(reason) ?? []), ...(row ? [row] : [])]);
  }

  lines(): string[] {
    return [...this.#rows].map(([reason, rows]) =>
      rows.length > 0 ? `${reason} [${rows.join(", ")}]` : reason,
    );
  }
}
