"""Numbers that the server generates too, to the last bit: weights, pictures and draws from a seed.

The same as server/src/ada-df/initial-weights.ts, server/src/random.ts and server/src/models/parity/generator.ts.
"""
import numpy as np

MASK = 0xFFFFFFFF


def hash_of(text):
    """32-bit FNV-1a."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & MASK
    return value


def uniforms(name, count, first=0):
    """Numbers `first` to `first + count` of the endless sequence in [0, 1) that `name` names ("lowbias32")."""
    x = np.uint32(hash_of(name)) + np.arange(first, first + count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return (x ^ (x >> np.uint32(16))).astype(np.float64) / 4294967296


class Draws:
    """One draw after the other ("mulberry32"), from the seed that a text names."""

    def __init__(self, text):
        self.state = hash_of(text)

    def uniform(self):
        self.state = (self.state + 0x6D2B79F5) & MASK
        t = self.state
        t = ((t ^ (t >> 15)) * (t | 1)) & MASK
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & MASK)) & MASK
        return (t ^ (t >> 14)) / 4294967296

    def integer(self, bound):
        return int(self.uniform() * bound)


def labels(seed, count, classes):
    return (uniforms(f"{seed}:labels", count) * classes).astype(np.int64)


def picture(seed, position, label, size):
    """Bytes `[size, size, 3]`: waves whose direction is the label's, under noise. Whole numbers only."""
    name = f"{seed}:picture:{position}"
    phases = (uniforms(name, 3) * 256).astype(np.int64)
    noise = (uniforms(name, size * size * 3, 3) * 64).astype(np.int64).reshape(size, size, 3)
    rows, columns = np.mgrid[0:size, 0:size]
    wave = (1 + label % 3) * 4 * columns + (1 + label // 3) * 4 * rows
    triangle = np.abs(((wave[:, :, None] + phases) & 255) - 128)
    return (32 + triangle + noise).astype(np.uint8)


def initial_weight(seed, name, shape):
    """Where a training starts: as `initialWeight` of the server, in float32."""
    size = int(np.prod(shape))
    fan_in = int(np.prod(shape[1:]))
    if name.endswith("running_var") or (".bn" in name or "downsample.1" in name) and name.endswith(".weight"):
        return np.ones(shape, np.float32)
    if len(shape) == 1:
        return np.zeros(shape, np.float32)
    bound = np.sqrt(6 / fan_in) if len(shape) == 4 else 1 / np.sqrt(fan_in)
    source = name if ".attention." in name else name.replace("target.", "auxiliary.", 1)
    return (bound * (2 * uniforms(f"{seed}:{source}", size) - 1)).astype(np.float32).reshape(shape)
