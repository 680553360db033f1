/** What a page shows, as data: texts are as they came, not escaped. */

import type { Figure } from "../figures/figure.ts";
import type { Table } from "../table.ts";

export interface ReportModel {
  title: string;
  subtitle?: string;
  /** The verdict, the points, the limits used: what is read first. */
  facts: readonly { label: string; value: string }[];
  /** The first section is the summary, the last one what everything was measured with. */
  sections: readonly Section[];
}

export interface Section {
  title: string;
  remarks?: readonly Remark[];
  tables?: readonly Table[];
  /** Those of one list stand side by side where there is room. */
  figures?: readonly (readonly Figure[])[];
  /** What programs printed. */
  logs?: readonly { title: string; lines: readonly string[] }[];
}

/** Why something failed, or what was odd about an output. */
export interface Remark {
  severity: "error" | "warning";
  /** `DANN, svhn`. */
  subject: string;
  text: string;
}
