"""Times the benchmark's rows in PyTorch, float32.

    python3 bench/peers/torch_bench.py --rows unet,generator --seconds 10    one JSON line for each row and layout
    python3 bench/peers/torch_bench.py --serve                               one iteration for each line of stdin

Served, a request {"row", "layout", "batch"} is answered by {"ms"} or {"error"}: the caller can alternate with other engines.
"""

import argparse
import json
import os
import statistics
import sys
import time

import torch

from rows import BATCHES, Iteration, make

LAYOUTS = ("default", "channels_last")
WARM_UPS = 2


class Timer:
    """Keeps the iterations of one row only: others' weights and activations would fill the memory."""

    def __init__(self, device: str):
        self.device = device
        self.row: tuple[str, int] | None = None
        self.iterations: dict[str, Iteration] = {}

    def milliseconds(self, row: str, layout: str, batch: int) -> float:
        if self.row != (row, batch):
            self.row, self.iterations = (row, batch), {}
        if layout not in self.iterations:
            iterate = self.iterations[layout] = make(row, batch, self.device, layout)
            for _ in range(WARM_UPS):
                self._timed(iterate)
        return self._timed(self.iterations[layout])

    def _timed(self, iterate: Iteration) -> float:
        start = time.perf_counter()
        iterate()
        if self.device == "cuda":
            torch.cuda.synchronize()
        return (time.perf_counter() - start) * 1e3


def say(**fields) -> None:
    print(json.dumps(fields), flush=True)


def serve(timer: Timer) -> None:
    say(torch=torch.__version__, threads=torch.get_num_threads(), device=timer.device)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            say(ms=timer.milliseconds(request["row"], request["layout"], request["batch"]))
        except Exception as error:  # the next request may still succeed
            say(error=f"{type(error).__name__}: {error}")


def report(timer: Timer, rows: list[str], seconds: float) -> None:
    for row in rows:
        taken: dict[str, list[float]] = {layout: [] for layout in LAYOUTS}
        until = time.perf_counter() + seconds
        while time.perf_counter() < until or len(taken[LAYOUTS[-1]]) < 3:
            for layout in LAYOUTS:
                taken[layout].append(timer.milliseconds(row, layout, BATCHES[row]))
        for layout, ms in taken.items():
            say(row=row, layout=layout, batch=BATCHES[row], n=len(ms), min=min(ms), median=statistics.median(ms))


def main() -> None:
    parser = argparse.ArgumentParser(description="Times the benchmark's rows in PyTorch.")
    parser.add_argument("--rows", default=",".join(BATCHES), help=f"comma-separated, of {', '.join(BATCHES)}")
    parser.add_argument("--seconds", type=float, default=10, help="for each row, both layouts together")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--serve", action="store_true", help="answer requests on stdin")
    options = parser.parse_args()
    rows = options.rows.split(",")
    if unknown := set(rows) - set(BATCHES):
        parser.error(f"--rows: expected some of {', '.join(BATCHES)}, found {', '.join(sorted(unknown))}")
    torch.set_num_threads(options.threads)
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("--device cuda: PyTorch sees no CUDA device; use --device cpu")
    timer = Timer(options.device)
    serve(timer) if options.serve else report(timer, rows, options.seconds)


if __name__ == "__main__":
    main()
