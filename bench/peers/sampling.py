"""Samples digits in PyTorch: DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), the last step of first order."""

import math
from collections.abc import Iterator

import torch

from unet import UNet

LEVELS = 1000


def sample(model: UNet, noise: torch.Tensor, steps: int) -> Iterator[None]:
    """One batch; pauses after each step."""
    alpha_bar = torch.cat([torch.ones(1).double(), torch.cumprod(1 - torch.linspace(1e-4, 0.02, LEVELS).double(), 0)]).tolist()
    levels = [round(LEVELS * (steps - i) / steps) for i in range(steps + 1)]
    lam = [math.inf if a == 1 else math.log(a / (1 - a)) / 2 for a in alpha_bar]
    x = noise
    labels = torch.arange(len(x), device=x.device) % 10
    earlier = None
    for i, (level, following) in enumerate(zip(levels, levels[1:])):
        a, b = alpha_bar[level], alpha_bar[following]
        epsilon = model(x, torch.full((len(x),), level - 1, device=x.device), labels)
        clean = ((x - math.sqrt(1 - a) * epsilon) / math.sqrt(a)).clamp(-1, 1)
        h = lam[following] - lam[level]
        direction = clean
        if i > 0 and following > 0:
            half = h / (lam[level] - lam[levels[i - 1]]) / 2
            direction = (1 + half) * clean - half * earlier
        x = math.sqrt((1 - b) / (1 - a)) * x - math.sqrt(b) * math.expm1(-h) * direction
        earlier = clean
        if following == 0:
            x.cpu().numpy()
        yield
