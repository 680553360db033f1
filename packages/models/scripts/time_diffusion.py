"""Samples digits in PyTorch, as time-diffusion.ts does: a step of a batch for each line of stdin, which names a memory layout.

    echo default | python3 packages/models/scripts/time_diffusion.py --batch 20 --steps 20 --threads 2
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[3] / "bench/peers"))

from unet import UNet  # noqa: E402

FORMATS = {"default": torch.contiguous_format, "channels_last": torch.channels_last}
LEVELS = 1000


def sample(model: UNet, batch: int, steps: int, layout: torch.memory_format) -> Iterator[None]:
    """DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), the last step of first order; pauses after each step."""
    alpha_bar = torch.cat([torch.ones(1).double(), torch.cumprod(1 - torch.linspace(1e-4, 0.02, LEVELS).double(), 0)]).tolist()
    levels = [round(LEVELS * (steps - i) / steps) for i in range(steps + 1)]
    lam = [math.inf if a == 1 else math.log(a / (1 - a)) / 2 for a in alpha_bar]
    x = torch.randn(batch, 3, 28, 28).to(memory_format=layout)
    labels = torch.arange(batch) % 10
    earlier = None
    for i, (level, following) in enumerate(zip(levels, levels[1:])):
        a, b = alpha_bar[level], alpha_bar[following]
        epsilon = model(x, torch.full((batch,), level - 1), labels)
        clean = ((x - math.sqrt(1 - a) * epsilon) / math.sqrt(a)).clamp(-1, 1)
        h = lam[following] - lam[level]
        direction = clean
        if i > 0 and following > 0:
            half = h / (lam[level] - lam[levels[i - 1]]) / 2
            direction = (1 + half) * clean - half * earlier
        x = math.sqrt((1 - b) / (1 - a)) * x - math.sqrt(b) * math.expm1(-h) * direction
        earlier = clean
        if following == 0:
            x.numpy()
        yield


def endless(make: Callable[[], Iterator[None]]) -> Iterator[None]:
    while True:
        yield from make()


def main() -> None:
    parser = argparse.ArgumentParser(description="Times sampling in PyTorch.")
    for name in ("batch", "steps", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    with torch.inference_mode():
        runs = {}
        for name, layout in FORMATS.items():
            model = UNet().eval().to(memory_format=layout)
            runs[name] = endless(partial(sample, model, options.batch, options.steps, layout))
        for line in sys.stdin:
            start, cpu = time.perf_counter(), time.process_time()
            next(runs[line.strip()])
            print(json.dumps({"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu}), flush=True)


if __name__ == "__main__":
    main()
