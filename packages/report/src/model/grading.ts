/**
 * What a page needs to know of a grading: the grader's `Grading` is one (`test/grading.types.ts` holds it to that). The grader makes
 * reports, so this package cannot know it.
 */

export interface GradingInput {
  readonly assignment: { readonly id: string; readonly title: string; readonly sha256: string };
  readonly submission: { readonly id: string };
  readonly results: readonly ResultInput[];
  readonly points?: {
    readonly earned: number;
    readonly possible: number;
    readonly open: number;
    readonly deductions: readonly { readonly label: string; readonly points: number }[];
  };
  readonly environment: Readonly<Record<string, string | number>>;
}

/** One problem, run by one variant, for one column of the second axis where there is one. */
export interface ResultInput {
  readonly problem: string;
  readonly title: string;
  readonly variant: string;
  readonly column?: string;
  readonly status: "graded" | "failed" | "not-gradable";
  readonly reasons: readonly string[];
  readonly run?: RunInput;
  readonly limitSeconds?: number;
  readonly findings: readonly FindingInput[];
  readonly metrics: readonly MetricInput[];
  readonly points: readonly {
    readonly earned: number;
    readonly possible: number;
    readonly undecided?: string;
  }[];
  readonly gradedAt: string;
}

export interface RunInput {
  readonly verdict: string;
  readonly detail: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMemoryBytes?: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly containment: string;
  readonly enforcement: Readonly<Record<string, string>>;
}

export interface FindingInput {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly files: readonly string[];
  readonly total: number;
}

export interface MetricInput {
  readonly name: string;
  readonly label: string;
  readonly value: number | null;
  readonly problem?: string;
  readonly interval?: readonly [number, number];
  readonly n: number;
  readonly better: "lower" | "higher";
  readonly unit?: string;
  readonly protocol: Readonly<Record<string, string | number | boolean>>;
  readonly part?: { readonly of: string; readonly name: string };
  readonly published?: Readonly<Record<string, number>>;
  /** Of a distance, what fewer images would have given: its bias. */
  readonly byCount?: readonly { readonly n: number; readonly value: number }[];
}
