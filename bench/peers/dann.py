"""DANN for 28 x 28 digits in PyTorch: the peer of packages/models/src/dann."""

import torch
from torch import Tensor, nn

FEATURES = 512


class ReverseGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, dy: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * dy, None


def convolution(fan_in: int, out: int, padding: int) -> list[nn.Module]:
    return [nn.Conv2d(fan_in, out, 3, padding=padding, bias=False), nn.BatchNorm2d(out), nn.ReLU()]


class Dann(nn.Module):
    def __init__(self, dropout: nn.Module | None = None):
        super().__init__()
        self.feature_extractor = nn.Sequential(
            nn.InstanceNorm2d(3),
            *convolution(3, 32, 1),
            *convolution(32, 32, 1),
            nn.MaxPool2d(2),
            *convolution(32, 64, 1),
            *convolution(64, 64, 1),
            nn.MaxPool2d(2),
            *convolution(64, 128, 0),
            nn.Flatten(),
            nn.Linear(128 * 5 * 5, FEATURES, bias=False),
            nn.BatchNorm1d(FEATURES),
            nn.ReLU(),
        )
        self.class_classifier = nn.Sequential(
            dropout or nn.Dropout(0.5), nn.Linear(FEATURES, 128), nn.ReLU(), nn.Linear(128, 10), nn.LogSoftmax(dim=1)
        )
        self.domain_classifier = nn.Sequential(
            nn.Linear(FEATURES, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 2), nn.LogSoftmax(dim=1)
        )
