"""Ada-DF in PyTorch, in this project's own words: the other side of comparisons. Tensors are named as the server names them."""
import math

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + shortcut)


class Bottleneck(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        inner = outputs // 4
        self.conv1 = nn.Conv2d(inputs, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        residual = x if self.downsample is None else self.downsample(x)
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + residual)


# Block, channels that it gives for each of its width, blocks of each layer.
BACKBONES = {"resnet18": (Block, 1, (2, 2, 2, 2)), "resnet50": (Bottleneck, 4, (3, 4, 6, 3))}


def layer(width, number, backbone="resnet18"):
    block, expansion, counts = BACKBONES[backbone]
    outputs = (width << (number - 1)) * expansion
    inputs, stride = (width, 1) if number == 1 else (outputs // 2, 2)
    rest = (block(outputs, outputs, 1) for _ in range(counts[number - 1] - 1))
    return nn.Sequential(block(inputs, outputs, stride), *rest)


class Stem(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn = nn.BatchNorm2d(width)

    def forward(self, x):
        return F.max_pool2d(F.relu(self.bn(self.conv(x))), 3, 2, 1)


class Branch(nn.Module):
    def __init__(self, width, classes, backbone):
        super().__init__()
        self.layer2, self.layer3, self.layer4 = (layer(width, number, backbone) for number in (2, 3, 4))
        features = 8 * width * BACKBONES[backbone][1]
        self.fc = nn.Linear(features, classes)
        self.attention = nn.Linear(features, 1)

    def forward(self, x):
        features = self.layer4(self.layer3(self.layer2(x))).mean((2, 3))
        attention = torch.sigmoid(self.attention(features))
        return attention * self.fc(features), attention.squeeze(1)


class Network(nn.Module):
    """A ResNet with two branches; stem and layer1 keep their weights, their batch norms move."""

    def __init__(self, width, classes, backbone="resnet18"):
        super().__init__()
        self.stem = Stem(width)
        self.layer1 = layer(width, 1, backbone)
        self.auxiliary, self.target = Branch(width, classes, backbone), Branch(width, classes, backbone)
        self.stem.requires_grad_(False)
        self.layer1.requires_grad_(False)

    def forward(self, x):
        """z1 `[B, C]`, z2 `[B, C]`, a1 `[B]`, a2 `[B]`."""
        shared = self.layer1(self.stem(x))
        z1, a1 = self.auxiliary(shared)
        z2, a2 = self.target(shared)
        return z1, z2, a1, a2

    def tensors(self):
        """Weights and running statistics by name."""
        return {name: value for name, value in self.state_dict().items() if not name.endswith("num_batches_tracked")}


def ramps(epoch, beta):
    """s_kl and s_ce."""
    if epoch <= beta:
        return math.exp(-((1 - epoch / beta) ** 2)), 1.0
    return 1.0, math.exp(-((1 - beta / epoch) ** 2))


def losses(outputs, labels, distributions, epoch, settings):
    """Everything a step computes, by name; `loss` is what is differentiated. L `[C, C]` is not."""
    z1, z2, a1, a2 = outputs
    w = (a1 + a2) / 2
    low, high = settings["minw"], settings["maxw"]
    v = (w - w.min()) / (w.max() - w.min()) * (high - low) + low
    p = F.softmax(z1, 1)
    q = (1 - v)[:, None] * p + v[:, None] * distributions[labels]
    cross_entropy = F.cross_entropy(z1, labels)
    divergence = (torch.special.xlogy(q, q) - q * F.log_softmax(z2, 1)).sum() / len(labels)
    ordered = torch.sort(w, descending=True).values
    top = int(len(labels) * settings["tops"])
    rank = F.relu(ordered[top:].mean() - ordered[:top].mean() + settings["margin"])
    s_kl, s_ce = ramps(epoch, settings["beta"])
    return {
        "auxiliaryLogits": z1, "targetLogits": z2, "attention": w, "fusionWeight": v, "labelDistribution": p, "fusedDistribution": q,
        "crossEntropy": cross_entropy, "kl": divergence, "rankRegularization": rank,
        "loss": s_ce * cross_entropy + s_kl * divergence + rank,
    }


def first_distributions(classes, threshold):
    return torch.full((classes, classes), (1 - threshold) / (classes - 1)).fill_diagonal_(threshold)


def mine(p, labels, threshold, fallback="normalised", temperature=None, axis="rows"):
    """L after an epoch from p `[N, C]` of all training samples."""
    classes = p.shape[1]
    others = (0.4 if fallback == "reference" else 1 - threshold) / (classes - 1)
    rows = torch.full((classes, classes), others, dtype=p.dtype).fill_diagonal_(threshold)
    for label in range(classes):
        mean = p[labels == label].mean(0)
        if mean[label] >= threshold:
            rows[label] = mean
    if temperature is None:
        return rows
    powers = rows ** (1 / temperature)
    sums = powers.sum(1)
    return powers / (sums[None, :] if axis == "columns" else sums[:, None])
