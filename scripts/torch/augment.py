"""RandAugment by PIL itself, flip, normalisation and erasing, with the draws of the server (training/augmentation)."""
import math

import numpy as np
from generator import Draws
from PIL import Image, ImageEnhance, ImageOps

FILL = (124, 116, 104)
MEAN = np.array([0.485, 0.456, 0.406])
DEVIATION = np.array([0.229, 0.224, 0.225])
BILINEAR = getattr(Image, "Resampling", Image).BILINEAR
AFFINE = getattr(Image, "Transform", Image).AFFINE


def affine(image, matrix):
    return image.transform(image.size, AFFINE, matrix, resample=BILINEAR, fillcolor=FILL)


def enhanced(kind):
    return lambda image, level, draws: kind(image).enhance(0.1 + 1.8 * level)


def signed(value, draws):
    return -value if draws.uniform() < 0.5 else value


def solarize_add(image, level, draws):
    addend = min(128, int(110 * level))
    return image.point([min(255, value + addend) if value < 128 else value for value in range(256)] * 3)


OPERATIONS = [
    lambda image, level, draws: ImageOps.autocontrast(image),
    lambda image, level, draws: ImageOps.equalize(image),
    lambda image, level, draws: ImageOps.invert(image),
    lambda image, level, draws: image.rotate(signed(30 * level, draws), resample=BILINEAR, fillcolor=FILL),
    lambda image, level, draws: ImageOps.posterize(image, int(4 * level)),
    lambda image, level, draws: ImageOps.solarize(image, min(256, int(256 * level))),
    solarize_add,
    enhanced(ImageEnhance.Color),
    enhanced(ImageEnhance.Contrast),
    enhanced(ImageEnhance.Brightness),
    enhanced(ImageEnhance.Sharpness),
    lambda image, level, draws: affine(image, (1, signed(0.3 * level, draws), 0, 0, 1, 0)),
    lambda image, level, draws: affine(image, (1, 0, 0, signed(0.3 * level, draws), 1, 0)),
    lambda image, level, draws: affine(image, (1, 0, signed(0.45 * level, draws) * image.size[0], 0, 1, 0)),
    lambda image, level, draws: affine(image, (1, 0, 0, 0, 1, signed(0.45 * level, draws) * image.size[1])),
]


def rand_augment(image, operations, magnitude, deviation, draws):
    for _ in range(operations):
        operation = OPERATIONS[draws.integer(len(OPERATIONS))]
        if draws.uniform() >= 0.5:
            continue
        own = magnitude
        if deviation > 0:
            own += deviation * math.sqrt(-2 * math.log(1 - draws.uniform())) * math.cos(2 * math.pi * draws.uniform())
        image = operation(image, min(10.0, max(0.0, own)) / 10, draws)
    return image


def erase(values, probability, draws):
    """A rectangle of 2 to 25 % of `[size, size, 3]` becomes 0."""
    if draws.uniform() >= probability:
        return
    size = len(values)
    for _ in range(10):
        area = size * size * (0.02 + (0.25 - 0.02) * draws.uniform())
        aspect = 0.3 ** (1 - 2 * draws.uniform())
        height, width = (math.floor(side + 0.5) for side in (math.sqrt(area * aspect), math.sqrt(area / aspect)))
        if height >= size or width >= size:
            continue
        top, left = draws.integer(size - height + 1), draws.integer(size - width + 1)
        values[top:top + height, left:left + width] = 0
        return


def augmented(pixels, position, epoch, settings):
    """A training image, `[size, size, 3]` bytes to normalised float32."""
    def draws(what):
        return Draws(f"{settings['seed']}:{what}:{epoch}:{position}")
    chosen = (settings["operations"], settings["magnitude"], settings["deviation"])
    pixels = np.asarray(rand_augment(Image.fromarray(pixels), *chosen, draws("rand-augment")))
    if draws("flip").uniform() < 0.5:
        pixels = pixels[:, ::-1]
    values = ((pixels / 255 - MEAN) / DEVIATION).astype(np.float32)
    erase(values, settings["erasing"], draws("erasing"))
    return values
