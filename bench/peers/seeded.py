"""Fills a module's parameters by the rule of bench/src/models/params.ts: both sides hold the same weights.

Imported by the other scripts here. A parameter's numbers depend on its name and its TensorFlow.js shape alone.
"""

import numpy as np
import torch
from torch import nn


def uniform(name: str, n: int) -> np.ndarray:
    """Mulberry32 from the FNV-1a hash of `name`, in [-1, 1)."""
    seed = 0x811C9DC5
    for char in name.encode():
        seed = ((seed ^ char) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        state = np.uint32(seed) + np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (state ^ (state >> 15)) * (state | 1)
        t ^= t + (t ^ (t >> 7)) * (t | 61)
        t ^= t >> 14
    return (t.astype(np.float64) / 2**31 - 1).astype(np.float32)


def seeded_input(name: str, *shape: int) -> torch.Tensor:
    """Images are named in NHWC, as TensorFlow.js has them; 4-D results come back NCHW."""
    value = torch.from_numpy(uniform(name, int(np.prod(shape))).reshape(shape))
    return value.permute(0, 3, 1, 2).contiguous() if len(shape) == 4 else value


def to_tfjs(name: str, value: torch.Tensor) -> torch.Tensor:
    """PyTorch's layout to TensorFlow.js's: OIHW to HWIO, [out, in] to [in, out]; an embedding stays."""
    if value.dim() == 4:
        return value.permute(2, 3, 1, 0)
    return value.T if value.dim() == 2 and "_emb" not in name.split(".")[0] else value


@torch.no_grad()
def fill(module: nn.Module) -> nn.Module:
    for name, value in [*module.named_parameters(), *module.named_buffers()]:
        if not name.endswith(("weight", "bias", "running_mean", "running_var")):
            continue
        view = to_tfjs(name, value)
        u = uniform(name, view.numel()).reshape(view.shape)
        if view.dim() > 1:
            u = u * np.float32((6 * view.shape[-1] / view.numel()) ** 0.5)
        else:
            u = u * np.float32(0.1) + np.float32(name.endswith(("weight", "running_var")))
        view.copy_(torch.from_numpy(u))
    return module
