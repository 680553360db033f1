"""The class-conditional diffusion UNet in PyTorch (4,561,027 parameters): the peer of packages/models/src/diffusion."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class DoubleConv(nn.Module):
    def __init__(self, fan_in: int, out: int, hidden: int | None = None, residual: bool = False):
        super().__init__()
        self.residual = residual
        hidden = hidden or out
        self.double_conv = nn.Sequential(
            nn.Conv2d(fan_in, hidden, 3, padding=1, bias=False),
            nn.GroupNorm(1, hidden),
            nn.GELU(),
            nn.Conv2d(hidden, out, 3, padding=1, bias=False),
            nn.GroupNorm(1, out),
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(x + self.double_conv(x)) if self.residual else self.double_conv(x)


class Down(nn.Module):
    def __init__(self, fan_in: int, out: int, embedding: int = 256):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(fan_in, fan_in, residual=True), DoubleConv(fan_in, out))
        self.emb_layer = nn.Sequential(nn.SiLU(), nn.Linear(embedding, out))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return self.maxpool_conv(x) + self.emb_layer(t)[:, :, None, None]


class Up(nn.Module):
    def __init__(self, fan_in: int, out: int, embedding: int = 256):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.conv = nn.Sequential(DoubleConv(fan_in, fan_in, residual=True), DoubleConv(fan_in, out, fan_in // 2))
        self.emb_layer = nn.Sequential(nn.SiLU(), nn.Linear(embedding, out))

    def forward(self, x: Tensor, skip: Tensor, t: Tensor) -> Tensor:
        x = torch.cat([skip, self.up(x)], dim=1)
        return self.conv(x) + self.emb_layer(t)[:, :, None, None]


class SelfAttention(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.mha = nn.MultiheadAttention(channels, 4, batch_first=True)
        self.ln = nn.LayerNorm(channels)
        self.ff_self = nn.Sequential(
            nn.LayerNorm(channels), nn.Linear(channels, channels), nn.GELU(), nn.Linear(channels, channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        shape = x.shape
        x = x.flatten(2).transpose(1, 2)  # [b, h w, c]
        y = self.ln(x)
        x = x + self.mha(y, y, y, need_weights=False)[0]
        x = x + self.ff_self(x)
        return x.transpose(1, 2).reshape(shape)


class UNet(nn.Module):
    def __init__(self, embedding: int = 256, classes: int = 10):
        super().__init__()
        self.embedding = embedding
        self.label_emb = nn.Embedding(classes, embedding)
        self.inc = DoubleConv(3, 64)
        self.down1, self.sa1 = Down(64, 128), SelfAttention(128)
        self.down2, self.sa2 = Down(128, 128), SelfAttention(128)
        self.bot1, self.bot2 = DoubleConv(128, 256), DoubleConv(256, 128)
        self.up1, self.sa3 = Up(256, 64), SelfAttention(64)
        self.up2, self.sa4 = Up(128, 64), SelfAttention(64)
        self.outc = nn.Conv2d(64, 3, 1)

    def time_embedding(self, t: Tensor) -> Tensor:
        frequency = 1e4 ** (-torch.arange(0, self.embedding, 2, device=t.device) / self.embedding)
        angle = t[:, None] * frequency
        return torch.cat([angle.sin(), angle.cos()], dim=1)

    def forward(self, x: Tensor, t: Tensor, labels: Tensor) -> Tensor:
        emb = self.time_embedding(t) + self.label_emb(labels)
        x1 = self.inc(x)
        x2 = self.sa1(self.down1(x1, emb))
        x3 = self.sa2(self.down2(x2, emb))
        x3 = self.bot2(self.bot1(x3))
        y = self.sa3(self.up1(x3, x2, emb))
        y = self.sa4(self.up2(y, x1, emb))
        return self.outc(y)
