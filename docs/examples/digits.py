#!/usr/bin/env python3
"""Ten classes that are no faces: the digits of scikit-learn, one training label in ten wrong, recorded epoch by epoch.

    python3 digits.py images DIR                     # writes the pictures, a folder a class
    npm run adadf -- import DIR --name digits        # in the platform's folder
    python3 digits.py train [URL]                    # trains, and records what the model says of every picture

Needs python3-sklearn; adadf.py beside it or in python/ of the platform: curl -O http://127.0.0.1:4500/python/adadf.py
"""
import os
import struct
import sys
import zlib

import numpy
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python")]
CLASSES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def digits():
    """Pictures [N, 8, 8] of 0 to 16, true classes, given classes (one in ten of train is wrong), names, splits."""
    data = load_digits()
    random = numpy.random.default_rng(1)
    test = random.random(len(data.target)) < 0.25
    wrong = ~test & (random.random(len(data.target)) < 0.1)
    given = numpy.where(wrong, (data.target + random.integers(1, 10, len(data.target))) % 10, data.target)
    names = ["digit-%04d.png" % n for n in range(len(given))]
    return data.images, data.target, given, names, test


def write_png(path, picture):
    """8-bit grey, each pixel of the digit as 4 x 4."""
    pixels = numpy.kron(255 - picture / 16 * 255, numpy.ones((4, 4))).astype(numpy.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    size = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 0, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, body in ((b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
            file.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))


def images(folder):
    pictures, _, given, names, test = digits()
    for picture, label, name, is_test in zip(pictures, given, names, test):
        place = os.path.join(folder, "test" if is_test else "train", CLASSES[label])
        os.makedirs(place, exist_ok=True)
        write_png(os.path.join(place, name), picture)


def train(url):
    import adadf

    pictures, truth, given, names, test = digits()
    x, names = pictures.reshape(len(pictures), -1) / 16, numpy.array(names)
    model = MLPClassifier((64,), learning_rate_init=0.002, batch_size=32, random_state=1)
    run = adadf.start(url, "digits", name="digits, scikit-learn", classes=CLASSES, method="cross-entropy", seed=1, epochs=20,
                      config={"hidden": 64, "learningRate": 0.002, "batchSize": 32})
    for epoch in range(1, 21):
        model.partial_fit(x[~test], given[~test], classes=range(10))
        for split, part in (("train", ~test), ("test", test)):
            run.log(epoch, split, keys=names[part].tolist(), target=model.predict_proba(x[part]))
    run.finish()
    suspects = adadf.query(
        """query ($run: ID!) { trainingRun(id: $run) { analyses(first: 100, filter: {split: TRAIN}, orderBy: AUM) { nodes { sample { key } } } } }""",
        {"run": run.id}, url=url)["trainingRun"]["analyses"]["nodes"]
    places = {name: n for n, name in enumerate(names)}
    rows = [places[os.path.basename(node["sample"]["key"])] for node in suspects]
    print("%s: of the 100 labels with the lowest area under the margin %d are wrong" % (run.url, (truth[rows] != given[rows]).sum()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["images"] and len(sys.argv) == 3:
        images(sys.argv[2])
    elif sys.argv[1:2] == ["train"]:
        train(sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:4500")
    else:
        sys.exit(__doc__)
