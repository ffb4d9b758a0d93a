"""The peer of `npm run bench -- fidelity`: trains Ada-DF in PyTorch on what the bench wrote into a folder.

Usage: fidelity.py FOLDER WEIGHTS THREADS. Pictures, labels, order, flips and first weights are read, none is drawn here; prints a line of JSON.
"""
import json
import os
import sys

import numpy as np
import torch
from ada_df import Network, first_distributions, losses, mine
from torch.nn import functional as F

FOLDER, WEIGHTS, THREADS = sys.argv[1], sys.argv[2], int(sys.argv[3])
MEAN = np.array([0.485, 0.456, 0.406])
DEVIATION = np.array([0.229, 0.224, 0.225])
EVALUATED_AT_ONCE = 64


def read(name, kind):
    return np.fromfile(os.path.join(FOLDER, name), kind)


def normalised(pixels):
    """`[B, size, size, 3]` bytes to `[B, 3, size, size]`."""
    return torch.from_numpy(((pixels / 255 - MEAN) / DEVIATION).astype(np.float32)).permute(0, 3, 1, 2).contiguous()


def first_network(plan):
    network = Network(plan["width"], plan["classes"])
    flat, at, tensors = read(WEIGHTS, "<f4"), 0, {}
    for name, shape in plan["tensors"]:
        size = int(np.prod(shape))
        tensors[name] = torch.from_numpy(flat[at:at + size].reshape(shape).copy())
        at += size
    missing = set(network.tensors()) ^ set(tensors)
    if missing or at != len(flat):
        raise SystemExit(f"The weights do not fit: {sorted(missing)[:5]}, {at} of {len(flat)} numbers.")
    network.load_state_dict(tensors, strict=False)
    return network


def evaluate(network, pixels):
    network.eval()
    found = []
    with torch.no_grad():
        for start in range(0, len(pixels), EVALUATED_AT_ONCE):
            z1, z2, a1, a2 = network(normalised(pixels[start:start + EVALUATED_AT_ONCE]))
            found.append((F.softmax(z1, 1), F.softmax(z2, 1), (a1 + a2) / 2))
    return [torch.cat(part) for part in zip(*found)]


def main():
    torch.set_num_threads(THREADS)
    with open(os.path.join(FOLDER, "plan.json")) as file:
        plan = json.load(file)
    size, batch, epochs = plan["size"], plan["batch"], plan["epochs"]
    pictures = {split: read(f"{split}.pixels", np.uint8).reshape(-1, size, size, 3) for split in ("train", "test")}
    labels = {split: torch.from_numpy(read(f"{split}.labels", "<i4").astype(np.int64)) for split in ("train", "test")}
    truth = torch.from_numpy(read("test.truth", "<f4").reshape(len(labels["test"]), -1))
    orders = read("orders", "<i4").reshape(epochs, -1)
    flips = read("flips", np.uint8).reshape(epochs, -1)
    network = first_network(plan)
    optimiser = torch.optim.Adam([value for value in network.parameters() if value.requires_grad], plan["lr"])
    distributions = first_distributions(plan["classes"], plan["threshold"])
    steps = []
    for epoch in range(1, epochs + 1):
        for group in optimiser.param_groups:
            group["lr"] = plan["lr"] * plan["decay"] ** (epoch - 1)
        network.train()
        order, mirrored = orders[epoch - 1], flips[epoch - 1]
        for start in range(0, len(order) - batch + 1, batch):
            at = order[start:start + batch]
            pixels = pictures["train"][at]
            pixels = np.where(mirrored[at].astype(bool)[:, None, None, None], pixels[:, :, ::-1], pixels)
            computed = losses(network(normalised(pixels)), labels["train"][at], distributions, epoch, plan)
            optimiser.zero_grad()
            computed["loss"].backward()
            optimiser.step()
            steps.append(computed["loss"].item())
        p, _, _ = evaluate(network, pictures["train"])
        distributions = mine(p, labels["train"], plan["threshold"])
    _, target, w = evaluate(network, pictures["test"])
    divergence = (torch.special.xlogy(truth, truth) - truth * torch.log(target)).sum(1)
    last = steps[-(len(orders[0]) // batch):]
    print(json.dumps({
        "steps": steps,
        "loss": sum(last) / len(last),
        "accuracy": (target.argmax(1) == labels["test"]).double().mean().item(),
        "divergence": divergence.double().mean().item(),
        "attention": w.double().mean().item(),
    }))


main()
