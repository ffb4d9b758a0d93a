"""The peer of `npm run bench -- engine`: one training step of the two-branch ResNet-18 in PyTorch.

Usage: bench-torch.py SIZE BATCH WIDTH THREADS. Reads a count a line, runs so many steps, writes one line of JSON.
"""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIZE, BATCH, WIDTH, THREADS = (int(argument) for argument in sys.argv[1:5])
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


def layer(inputs, outputs, stride):
    return nn.Sequential(Block(inputs, outputs, stride), Block(outputs, outputs, 1))


class Branch(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(*(layer(WIDTH << n, WIDTH << (n + 1), 2) for n in range(3)))
        self.classifier = nn.Linear(8 * WIDTH, CLASSES)
        self.attention = nn.Linear(8 * WIDTH, 1)

    def forward(self, x):
        features = self.layers(x).mean((2, 3))
        weight = torch.sigmoid(self.attention(features))
        return weight * self.classifier(features), weight


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        stem = nn.Conv2d(3, WIDTH, 7, 2, 3, bias=False)
        self.shared = nn.Sequential(stem, nn.BatchNorm2d(WIDTH), nn.ReLU(), nn.MaxPool2d(3, 2, 1), layer(WIDTH, WIDTH, 1))
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
    if THREADS > 0:
        torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    network = Network().train()
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], 1e-3)
    images = torch.randn(BATCH, 3, SIZE, SIZE)
    labels = torch.arange(BATCH) % CLASSES
    distributions = torch.full((CLASSES, CLASSES), 0.3 / (CLASSES - 1)).fill_diagonal_(0.7)

    def step():
        optimiser.zero_grad()
        loss = loss_of(network, images, labels, distributions)
        loss.backward()
        optimiser.step()
        loss.item()

    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1000)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"milliseconds": times, "peakBytes": peak}), flush=True)


main()
