"""The peer of `npm run bench -- engine`: training steps and forward passes of the two-branch network in PyTorch.

Usage: bench-torch.py SIZE BATCH WIDTH THREADS BACKBONE. Reads "train COUNT" or "evaluate COUNT" a line and answers each with a line of JSON.
"""
import json
import os
import resource
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch"))
import ada_df  # noqa: E402

SIZE, BATCH, WIDTH, THREADS = (int(argument) for argument in sys.argv[1:5])
BACKBONE = sys.argv[5]
CLASSES = 7
# Of the paper, at the epoch in which both losses weigh 1.
SETTINGS = {"minw": 0.2, "maxw": 1.0, "tops": 0.7, "margin": 0.07, "beta": 3}


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    network = ada_df.Network(WIDTH, CLASSES, BACKBONE).train()
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], 1e-3)
    images = torch.randn(BATCH, 3, SIZE, SIZE)
    labels = torch.arange(BATCH) % CLASSES
    distributions = torch.full((CLASSES, CLASSES), 0.3 / (CLASSES - 1)).fill_diagonal_(0.7)

    def train():
        network.train()
        optimiser.zero_grad()
        loss = ada_df.losses(network(images), labels, distributions, SETTINGS["beta"], SETTINGS)["loss"]
        loss.backward()
        optimiser.step()
        loss.item()

    def evaluate():
        network.eval()
        with torch.no_grad():
            z1, z2, a1, a2 = network(images)
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
