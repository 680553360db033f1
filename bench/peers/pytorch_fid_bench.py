"""pytorch-fid from two folders of images to their FID, timed by phase: bench/src/fid-suite.ts starts it.

    python3 bench/peers/pytorch_fid_bench.py prepare FOLDER --images 200
    python3 bench/peers/pytorch_fid_bench.py run FOLDER --workers 0 --threads 2

`prepare` writes folders a and b with half of the images each, seeded PNGs of 64 x 64, and weights.pth, seeded random weights in its
form. `run` prints JSON: seconds of each phase, and the distance. Needs torch, torchvision and pytorch-fid.
"""

import time

STARTED = time.time()

import argparse
import json
import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from PIL import Image
from pytorch_fid import fid_score, inception

from seeded import fill

SIDE, DIMS = 64, 2048


def prepare(folder: Path, images: int) -> None:
    generator = np.random.default_rng(0)
    for name, count in {"a": (images + 1) // 2, "b": images // 2}.items():
        (folder / name).mkdir()
        for i in range(count):
            coarse = Image.fromarray(generator.integers(0, 256, (16, 16, 3), np.uint8))  # smooth: a photograph's size as a file
            coarse.resize((SIDE, SIDE), Image.BICUBIC).save(folder / name / f"{i:05}.png")
    with patch.object(inception, "load_state_dict_from_url"), patch.object(torch.nn.Module, "load_state_dict"):
        network = inception.fid_inception_v3()
    torch.save(fill(network).state_dict(), folder / "weights.pth")


def run(folder: Path, workers: int, started: float) -> dict[str, float]:
    mark = started

    def lap() -> float:
        nonlocal mark
        since, mark = mark, time.time()
        return mark - since

    state = torch.load(folder / "weights.pth")
    with patch.object(inception, "load_state_dict_from_url", return_value=state):
        network = inception.InceptionV3([inception.InceptionV3.BLOCK_INDEX_BY_DIM[DIMS]])
    seconds = {"startUp": lap()}
    moments = [
        fid_score.compute_statistics_of_path(str(folder / side), network, 50, DIMS, "cpu", workers) for side in ("a", "b")
    ]
    seconds["features"] = lap()
    value = fid_score.calculate_frechet_distance(*moments[0], *moments[1])
    return seconds | {"distance": lap(), "value": float(value)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["prepare", "run"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=2025)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--started", type=float, default=STARTED, help="when the process was started, seconds since 1970")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.verb == "prepare":
        prepare(options.folder, options.images)
        versions = {"torch": torch.__version__, "python": sys.version.split()[0]}
        print(json.dumps(versions))
    else:
        print(json.dumps(run(options.folder, options.workers, options.started)))


if __name__ == "__main__":
    main()
