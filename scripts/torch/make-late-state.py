"""Makes a parity file of a late state: python3 scripts/torch/make-late-state.py > tests/fixtures/parity/late-state-224px.json

Trains the two branches in float64 on generated pictures at 224 px, with RandAugment, erasing and sharpened class distributions,
takes what a training is after that (weights, running statistics, Adam's moments and step, class distributions), and goes on from
there. The state is rounded to 16 bits before anything is computed from it: both sides start from the rounded one. Needs PyTorch and PIL.
"""
import base64
import json
import sys

import numpy as np
import torch
from ada_df import Network, first_distributions, losses, mine, ramps
from augment import augmented
from generator import initial_weight, labels, picture
from torch.nn import functional as F

CONFIG = {
    "seed": 11, "size": 224, "batch": 6, "classes": 7, "width": 2, "epoch": 25, "beta": 3, "threshold": 0.2, "steps": 2,
    "tops": 0.7, "margin": 0.07, "maxw": 1.0, "minw": 0.2, "lr": 5e-4, "sharpening": 1.2, "sharpeningAxis": "columns",
    "fallback": "reference",
}
AUGMENTATION = {"seed": 11, "operations": 3, "magnitude": 5, "deviation": 0.5, "erasing": 0.5}
# The training before is done at a smaller size: what it leaves is a late state all the same.
TRAINED, TRAINING_BATCH, TRAINING_SIZE, FIRST_TRAINED = 112, 16, 48, 100
ERASED_ONLY = {**AUGMENTATION, "operations": 0}
ERASED_ONLY = {**AUGMENTATION, "operations": 0}
BETAS, EPSILON = (0.9, 0.999), 1e-8


def batch_of(positions, classes, epoch, size, augmentation=AUGMENTATION):
    """Augmented `[B, 3, size, size]` in float64."""
    pictures = [augmented(picture(CONFIG["seed"], at, label, size), at, epoch, augmentation) for at, label in zip(positions, classes)]
    return np.stack(pictures)


def to_tensor(images):
    return torch.from_numpy(images).permute(0, 3, 1, 2).double()


def rounded(values):
    """float64 to the nearest number of 16 bits (bfloat16), as bits and as float64."""
    bits = values.detach().float().to(torch.bfloat16)
    return base64.b64encode(bits.view(torch.int16).numpy().astype("<i2").tobytes()).decode(), bits.double()


def briefly(values):
    if isinstance(values, torch.Tensor):
        values = values.detach().reshape(-1).tolist() if values.dim() else values.item()
    return [float(f"{value:.9g}") for value in values] if isinstance(values, list) else float(f"{values:.9g}")


def summary(values):
    flat = values.detach().double().reshape(-1)
    return {"norm": briefly(flat.norm()), "sum": briefly(flat.sum()), "head": briefly(flat[:5])}


def train():
    """The network, its optimiser and class distributions after the epochs before `epoch`."""
    network = Network(CONFIG["width"], CONFIG["classes"])
    network.load_state_dict({name: torch.from_numpy(initial_weight(CONFIG["seed"], name, value.shape)) for name, value in network.tensors().items()}, strict=False)
    network = network.double()
    optimiser = torch.optim.Adam([value for value in network.parameters() if value.requires_grad], 1e-3, BETAS, EPSILON)
    distributions = first_distributions(CONFIG["classes"], CONFIG["threshold"]).double()
    at = np.arange(FIRST_TRAINED, FIRST_TRAINED + TRAINED)
    y = at % CONFIG["classes"]
    for epoch in range(1, CONFIG["epoch"]):
        order = np.random.RandomState(epoch).permutation(TRAINED)
        for group in optimiser.param_groups:
            group["lr"] = 5e-3 * 0.91 ** (epoch - 1)
        network.train()
        pictures = []
        for start in range(0, TRAINED, TRAINING_BATCH):
            chosen = order[start:start + TRAINING_BATCH]
            images = to_tensor(batch_of(at[chosen], y[chosen], epoch, TRAINING_SIZE, ERASED_ONLY))
            pictures.append((images, y[chosen]))
            step = losses(network(images), torch.from_numpy(y[chosen]), distributions, epoch, CONFIG)
            optimiser.zero_grad()
            step["loss"].backward()
            optimiser.step()
        network.eval()
        with torch.no_grad():
            logits = torch.cat([network(images)[0] for images, _ in pictures])
        mined_labels = torch.from_numpy(np.concatenate([found for _, found in pictures]))
        distributions = mine(F.softmax(logits, 1), mined_labels, CONFIG["threshold"], CONFIG["fallback"], CONFIG["sharpening"], CONFIG["sharpeningAxis"])
        print(f"epoch {epoch}: loss {step['loss'].item():.4f}, accuracy {(logits.argmax(1) == mined_labels).double().mean():.3f}", file=sys.stderr)
    return network, optimiser, distributions, logits, mined_labels


def late_state(network, optimiser, distributions):
    """The rounded state as it is written; network and optimiser go on from it."""
    state = {"weights": {}, "moments": {}}
    tensors = network.tensors()
    for name, value in tensors.items():
        state["weights"][name], kept = rounded(value)
        value.copy_(kept)
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        for moment in ("exp_avg", "exp_avg_sq"):
            held = optimiser.state[parameter][moment]
            state["moments"][f"{name}.{moment}"], kept = rounded(held)
            held.copy_(kept)
    state["adamStep"] = int(next(iter(optimiser.state.values()))["step"])
    state["classDistributions"] = briefly(distributions.float())
    return state


def step_of(network, optimiser, images, y, distributions):
    network.train()
    computed = losses(network(images), y, distributions, CONFIG["epoch"], CONFIG)
    before = {name: value.detach().clone() for name, value in network.named_parameters() if value.requires_grad}
    optimiser.zero_grad()
    computed["loss"].backward()
    gradients = {name: summary(value.grad) for name, value in network.named_parameters() if value.requires_grad}
    optimiser.step()
    named = [(name, value) for name, value in network.named_parameters() if value.requires_grad]
    return {
        **{name: briefly(value) for name, value in computed.items()},
        "gradients": gradients,
        "after": {name: summary(value) for name, value in network.tensors().items()},
        "movement": {name: summary(value.detach() - before[name]) for name, value in named},
        "moments": {f"{name}.{moment}": summary(optimiser.state[value][moment]) for name, value in named for moment in ("exp_avg", "exp_avg_sq")},
    }


def main():
    torch.set_num_threads(1)
    network, optimiser, distributions, logits, mined_labels = train()
    with torch.no_grad():
        state = late_state(network, optimiser, distributions)
    for group in optimiser.param_groups:
        group["lr"] = CONFIG["lr"]
    distributions = torch.tensor(state["classDistributions"]).double().view(CONFIG["classes"], -1)
    y = torch.from_numpy(labels(CONFIG["seed"], CONFIG["batch"], CONFIG["classes"]))
    pictures = batch_of(range(CONFIG["batch"]), y.tolist(), CONFIG["epoch"], CONFIG["size"])
    images = to_tensor(pictures)
    network.eval()
    with torch.no_grad():
        z1, z2, a1, a2 = network(images)
    evaluation = {"auxiliaryLogits": z1, "targetLogits": z2, "attention": (a1 + a2) / 2, "auxiliaryAttention": a1, "targetAttention": a2}
    s_kl, s_ce = ramps(CONFIG["epoch"], CONFIG["beta"])
    p = F.softmax(torch.tensor(briefly(logits)).double().view(-1, CONFIG["classes"]), 1)
    mined = {
        axis: briefly(mine(p, mined_labels, CONFIG["threshold"], fallback, CONFIG["sharpening"], axis))
        for axis, fallback in (("rows", "normalised"), ("columns", "reference"))
    }
    document = {
        "kind": "late-state", "config": CONFIG, "augmentation": AUGMENTATION, "labels": y.tolist(), "schedule": {"kl": s_kl, "crossEntropy": s_ce},
        "state": state, "images": [summary(torch.from_numpy(one)) for one in pictures],
        "eval": {name: briefly(value) for name, value in evaluation.items()},
        "steps": [step_of(network, optimiser, images, y, distributions) for _ in range(CONFIG["steps"])],
        "mining": {"labels": mined_labels.tolist(), "logits": briefly(logits), **mined},
    }
    print(json.dumps(document, separators=(",", ":")))


main()
