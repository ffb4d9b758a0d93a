#!/usr/bin/env python3
"""Ada-DF trained in PyTorch on a data set of the platform, and recorded: lines that end in `# record` are all it takes.

    python3 ada_df.py DATASET [--url URL] [--epochs 4] [--width 16] [--size 48] [--batch 32] [--threads 2] [--silent]

Two branches, class distributions mined after every epoch, fused targets, rank regularisation. The network is that of
scripts/torch/ada_df.py. Pictures and labels come from the platform. `--silent` trains without recording, to see what
recording costs. Needs python3-torch, python3-numpy and python3-pil.
"""
import argparse
import io
import os
import sys
import time
import urllib.request

import numpy
import torch
from PIL import Image
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", *place) for place in (("scripts", "torch"), ("python",))]
import adadf  # noqa: E402 # record
from ada_df import Network, losses as losses_of  # noqa: E402

THRESHOLD, FUSION = 0.7, (0.2, 1.0)
SETTINGS = {"minw": FUSION[0], "maxw": FUSION[1], "tops": 0.7, "margin": 0.07, "beta": 3}


def samples_of(url, dataset, size):
    """By split: keys, pictures [N, 3, H, W] in [-1, 1], labels [N]; and the names of the classes."""
    found = {}
    sets = adadf.query("{ datasets { name classes } }", url=url)["datasets"]
    classes = next(one["classes"] for one in sets if one["name"] == dataset)
    ids = {one["name"]: one["id"] for one in adadf.query("{ datasets { id name } }", url=url)["datasets"]}
    for split in ("TRAIN", "TEST"):
        keys, pictures, labels, after = [], [], [], None
        while True:
            page = adadf.query(
                """query ($id: ID!, $split: Split!, $after: String) { dataset(id: $id) { samples(first: 1000, after: $after, filter: {split: $split}) {
                     nodes { key givenLabel imageUrl } pageInfo { endCursor hasNextPage } } } }""",
                {"id": ids[dataset], "split": split, "after": after}, url=url)["dataset"]["samples"]
            for node in page["nodes"]:
                with urllib.request.urlopen(url + node["imageUrl"]) as response:
                    picture = Image.open(io.BytesIO(response.read())).convert("RGB").resize((size, size))
                keys.append(node["key"])
                pictures.append(numpy.asarray(picture, numpy.uint8))
                labels.append(classes.index(node["givenLabel"]))
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        images = torch.from_numpy(numpy.stack(pictures)).permute(0, 3, 1, 2).contiguous().float() / 127.5 - 1
        found[split] = (keys, images, torch.tensor(labels))
    return found, classes


def outputs_of(network, images, batch):
    """Logits and attention of both branches for every picture, in evaluation mode."""
    network.eval()
    with torch.no_grad():
        parts = [network(images[first:first + batch]) for first in range(0, len(images), batch)]
    z1, z2, a1, a2 = (torch.cat(part) for part in zip(*parts))
    return z1, a1, z2, a2


def mined(label, labels, classes):
    """Mean label distribution of each class; where it is not sure enough, the threshold and the rest spread evenly."""
    rows = []
    for y in range(classes):
        row = label[labels == y].mean(0) if (labels == y).any() else torch.zeros(classes)
        if row[y] < THRESHOLD:
            row = torch.full((classes,), (1 - THRESHOLD) / (classes - 1))
            row[y] = THRESHOLD
        rows.append(row)
    return torch.stack(rows)


def settings_of(given):
    """By the names that the platform has for them, so that a run of it and this one compare."""
    return {
        "backbone": "RESNET18", "width": given.width, "imageSize": given.size, "batchSize": given.batch, "threshold": THRESHOLD,
        "minimumFusionWeight": FUSION[0], "maximumFusionWeight": FUSION[1], "highAttentionShare": 0.7, "rankMargin": 0.07,
        "learningRate": 1e-3, "learningRateDecay": 0.9, "dropout": 0, "labelSmoothing": 0, "augmentation": "NONE", "frozenStem": False,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset")
    parser.add_argument("--url", default="http://127.0.0.1:4500")
    for name, value in (("epochs", 4), ("width", 16), ("size", 48), ("batch", 32), ("threads", 2), ("seed", 1)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--silent", action="store_true")
    given = parser.parse_args()
    splits, classes = samples_of(given.url, given.dataset, given.size)
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    network = Network(given.width, len(classes)).requires_grad_(True)
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimiser, 0.9)
    _, images, labels = splits["TRAIN"]
    distributions = mined(torch.zeros(0, len(classes)), torch.zeros(0, dtype=torch.long), len(classes))
    run = given.silent or adadf.start(given.url, given.dataset, name="Ada-DF, PyTorch", method="Ada-DF", seed=given.seed, epochs=given.epochs, fusion=FUSION, config=settings_of(given))  # record
    for epoch in range(1, given.epochs + 1):
        started, losses = time.perf_counter(), []
        network.train()
        order = torch.randperm(len(images))
        for first in range(0, len(order) - given.batch + 1, given.batch):
            rows = order[first:first + given.batch]
            optimiser.zero_grad()
            loss = losses_of(network(images[rows]), labels[rows], distributions, SETTINGS["beta"], SETTINGS)["loss"]
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        scheduler.step()
        said = {split: outputs_of(network, part[1], 256) for split, part in splits.items()}
        distributions = mined(F.softmax(said["TRAIN"][0], 1), labels, len(classes))
        trained = time.perf_counter()
        if not given.silent:
            run.epoch(epoch, losses={"total": sum(losses) / len(losses)}, learning_rate=scheduler.get_last_lr()[0], class_distributions=distributions, duration_seconds=trained - started)  # record
            for split, (z1, a1, z2, a2) in said.items():  # record
                run.log(epoch, split, keys=splits[split][0], logits=z2, label=F.softmax(z1, 1), auxiliary_attention=a1, target_attention=a2)  # record
        waited = time.perf_counter() - trained
        right = (said["TEST"][2].argmax(1) == splits["TEST"][2]).float().mean()
        print("epoch %d: loss %.3f, test accuracy %.3f, %.1f s, recording %.3f s (%.2f %%)" % (
            epoch, sum(losses) / len(losses), right, trained - started, waited, 100 * waited / (trained - started)), flush=True)
    if not given.silent:
        run.weights(network.state_dict(), epoch=given.epochs)  # record
        run.finish()  # record
        print(run.url)


if __name__ == "__main__":
    main()
