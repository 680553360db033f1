"""Counts the FLOPs of one image's forward pass: the reference of bench/src/rows/flops.test.ts.

    python3 bench/peers/count_flops.py
"""

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from dann import FEATURES, Dann
from dcgan import Critic, Discriminator, Generator
from unet import UNet


def count(module: nn.Module, *inputs: torch.Tensor) -> int:
    counter = FlopCounterMode(display=False)
    with counter:
        module.eval()(*inputs)
    return counter.get_total_flops()


def main() -> None:
    face, digit = torch.zeros(1, 3, 64, 64), torch.zeros(1, 3, 28, 28)
    features, zero = torch.zeros(1, FEATURES), torch.zeros(1, dtype=torch.int64)
    dann = Dann()
    print("generator", count(Generator(), torch.zeros(1, 100, 1, 1)))
    print("discriminator", count(Discriminator(), face))
    print("critic", count(Critic(), face))
    print("dann features", count(dann.feature_extractor, digit))
    print("dann digit", count(dann.class_classifier, features))
    print("dann domain", count(dann.domain_classifier, features))
    print("unet, without the products of attention", count(UNet(), digit, zero, zero))


if __name__ == "__main__":
    main()
