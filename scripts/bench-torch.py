"""The peer of `npm run bench -- engine`: training steps and forward passes of the two-branch network in PyTorch.

Usage: bench-torch.py SIZE BATCH WIDTH THREADS BACKBONE. Reads "train COUNT" or "evaluate COUNT" a line and answers each with a line of JSON.
"""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIZE, BATCH, WIDTH, THREADS = (int(argument) for argument in sys.argv[1:5])
BACKBONE = sys.argv[5]
CLASSES = 7


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
        residual = x if self.downsample is None else self.downsample(x)
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + residual)


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


BLOCK, EXPANSION, COUNTS = {"resnet18": (Block, 1, (2, 2, 2, 2)), "resnet50": (Bottleneck, 4, (3, 4, 6, 3))}[BACKBONE]


def layer(number):
    outputs = (WIDTH << (number - 1)) * EXPANSION
    inputs = WIDTH if number == 1 else outputs // 2
    rest = (BLOCK(outputs, outputs, 1) for _ in range(COUNTS[number - 1] - 1))
    return nn.Sequential(BLOCK(inputs, outputs, 1 if number == 1 else 2), *rest)


class Branch(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(layer(2), layer(3), layer(4))
        self.classifier = nn.Linear(8 * WIDTH * EXPANSION, CLASSES)
        self.attention = nn.Linear(8 * WIDTH * EXPANSION, 1)

    def forward(self, x):
        features = self.layers(x).mean((2, 3))
        weight = torch.sigmoid(self.attention(features))
        return weight * self.classifier(features), weight


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        stem = nn.Conv2d(3, WIDTH, 7, 2, 3, bias=False)
        self.shared = nn.Sequential(stem, nn.BatchNorm2d(WIDTH), nn.ReLU(), nn.MaxPool2d(3, 2, 1), layer(1))
        self.auxiliary, self.target = Branch(), Branch()
        self.shared.requires_grad_(False)

    def forward(self, x):
        features = self.shared(x)
        return self.auxiliary(features), self.target(features)


def rank_regularisation(weights):
    top = int(BATCH * 0.7)
    ordered, _ = torch.sort(weights.view(-1), descending=True)
    return F.relu(0.07 - (ordered[:top].mean() - ordered[top:].mean()))


def loss_of(network, images, labels, distributions):
    (z1, a1), (z2, a2) = network(images)
    weights = (a1 + a2) / 2
    low, high = weights.min(), weights.max()
    fusion = (weights - low) / (high - low) * 0.8 + 0.2
    target = fusion * distributions[labels] + (1 - fusion) * F.softmax(z1, 1)
    divergence = F.kl_div(F.log_softmax(z2, 1), target, reduction="batchmean")
    return F.cross_entropy(z1, labels) + divergence + rank_regularisation(weights)


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    network = Network().train()
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], 1e-3)
    images = torch.randn(BATCH, 3, SIZE, SIZE)
    labels = torch.arange(BATCH) % CLASSES
    distributions = torch.full((CLASSES, CLASSES), 0.3 / (CLASSES - 1)).fill_diagonal_(0.7)

    def train():
        network.train()
        optimiser.zero_grad()
        loss = loss_of(network, images, labels, distributions)
        loss.backward()
        optimiser.step()
        loss.item()

    def evaluate():
        network.eval()
        with torch.no_grad():
            (z1, a1), (z2, a2) = network(images)
            return [part.numpy() for part in (F.softmax(z1, 1), F.softmax(z2, 1), a1, a2)]

    for line in sys.stdin:
        work, count = line.split()
        times = []
        for _ in range(int(count)):
            start = time.perf_counter()
            {"train": train, "evaluate": evaluate}[work]()
            times.append((time.perf_counter() - start) * 1000)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"milliseconds": times, "peakBytes": peak}), flush=True)


if __name__ == "__main__":
    main()
