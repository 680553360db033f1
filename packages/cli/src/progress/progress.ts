/** Long work is an async generator that yields how far it is and returns what it made. */

export interface Progress {
  /** What is being done: `epoch 3 of 10`. */
  label: string;
  /** Units done so far; never decreases under one label. */
  done: number;
  /** Units in all, where that is known. */
  total?: number;
  /** What `done` counts, plural: `images`, `bytes`, `steps`. */
  unit: string;
  /** What else to show, in this order: `{ loss: "0.0123" }`. */
  details?: Record<string, string>;
}

export type Work<T> = AsyncGenerator<Progress, T, void>;

/** Runs `work` to its end, showing each step with `show`, and returns its result. `show` is told when it ends, however it ends. */
export async function follow<T>(work: Work<T>, renderer: ProgressRenderer): Promise<T> {
  try {
    for (;;) {
      const step = await work.next();
      if (step.done) return step.value;
      renderer.show(step.value);
    }
  } finally {
    renderer.end();
  }
}

export interface ProgressRenderer {
  show(progress: Progress): void;
  end(): void;
}
