"""Records a run through python/adadf.py and reads it back as a frame; prints what it took as JSON.

record.py URL DATASET TRAIN TEST EPOCHS: samples of the two splits, in the order of import.
"""
import json
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))
import adadf  # noqa: E402
import numpy  # noqa: E402

url, dataset = sys.argv[1:3]
train, test, epochs = (int(text) for text in sys.argv[3:6])
CLASSES = 7


def logits(samples, epoch):
    """Of a network that learns: the given label of sample n is n % 7."""
    random = numpy.random.default_rng(epoch)
    values = random.standard_normal((samples, CLASSES)).astype(numpy.float32)
    values[numpy.arange(samples), numpy.arange(samples) % CLASSES] += 4 * epoch / epochs
    return values


def record(name, splits):
    """[seconds in all, seconds an epoch that the training waits for `log`, whether all was taken, the run]"""
    made = {epoch: {split: logits(samples, epoch) for split, (samples, _) in splits.items()} for epoch in range(1, epochs + 1)}
    keys = {split: ["sample-%06d" % (first + n) for n in range(samples)] for split, (samples, first) in splits.items()}
    started = time.perf_counter()
    waited = 0.0
    with tempfile.TemporaryDirectory() as folder:
        run = adadf.start(url, dataset, name=name, folder=os.path.join(folder, "run"))
        for epoch in range(1, epochs + 1):
            before = time.perf_counter()
            for split in splits:
                run.log(epoch, split, keys=keys[split], logits=made[epoch][split])
            waited += time.perf_counter() - before
        taken = run.finish(timeout=1800)
        return [time.perf_counter() - started, waited / epochs, taken, run.id]


def read(run):
    started = time.perf_counter()
    frame = adadf.frame(run, url=url)
    return [time.perf_counter() - started, len(frame), type(frame).__module__.split(".")[0]]


one = record("train alone", {"train": (train, 0)})
both = record("train and test", {"train": (train, 0), "test": (test, train)})
print(json.dumps({"one": one, "both": both, "frame": [read(both[3]) for _ in range(3)]}))
