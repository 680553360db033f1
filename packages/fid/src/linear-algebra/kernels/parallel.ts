/** Threads that all run the same program on one memory: where each stands, a barrier, and a counter that hands out tasks. */

/** Bytes of the control block: [arrived, generation, next task], all i32. */
export const CONTROL_BYTES: usize = 64;
const GENERATION: usize = 4;
const TASK: usize = 8;
/** Looks at a value before a thread goes to sleep on it: some 10 microseconds. */
const SPINS: i32 = 4000;

let me: usize = 0;
let team: usize = 1;
let control: usize = 0;

export function join(thread: usize, threads: usize, controlBlock: usize): void {
  me = thread;
  team = threads;
  control = controlBlock;
}

export function thread(): usize {
  return me;
}

/** The next task that no thread has taken since the last barrier: 0, 1, 2 ... */
export function nextTask(): usize {
  return <usize>atomic.add<i32>(control + TASK, 1);
}

/** Returns when every thread has come here; tasks start from 0 again. */
export function barrier(): void {
  const generation = atomic.load<i32>(control + GENERATION);
  if (atomic.add<i32>(control, 1) === <i32>team - 1) {
    atomic.store<i32>(control, 0);
    atomic.store<i32>(control + TASK, 0);
    atomic.store<i32>(control + GENERATION, generation + 1);
    atomic.notify(control + GENERATION, <i32>team);
    return;
  }
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(control + GENERATION) !== generation) return;
  while (atomic.load<i32>(control + GENERATION) === generation) {
    atomic.wait<i32>(control + GENERATION, generation, -1);
  }
}
