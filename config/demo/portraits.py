"""Friendly avatar pictures: animals, people and shapes on a gradient, one for each seed."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

_SCALE = 2  # drawn larger and reduced, for smooth edges
_INK = "#2b1f33"


def _hex(hue: float, light: float, strength: float) -> str:
    r, g, b = colorsys.hls_to_rgb(hue % 1, light, strength)
    return f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}"


class _Easel:
    """Draws in a unit square, mirrored where a face is the same on both sides."""

    def __init__(self, picture: Image.Image, rng: np.random.Generator, hue: float) -> None:
        self.draw, self.side, self.rng, self.hue = ImageDraw.Draw(picture), picture.width, rng, hue

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        s = self.side
        self.draw.ellipse(((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s), fill=fill)

    def pair(self, dx: float, y: float, rx: float, ry: float, fill: str) -> None:
        for side in (-1, 1):
            self.oval(0.5 + side * dx, y, rx, ry, fill)

    def shape(self, points: list[tuple[float, float]], fill: str, *, twice: bool = False) -> None:
        s = self.side
        self.draw.polygon([(x * s, y * s) for x, y in points], fill=fill)
        if twice:
            self.draw.polygon([((1 - x) * s, y * s) for x, y in points], fill=fill)

    def box(self, x0: float, y0: float, x1: float, y1: float, radius: float, fill: str) -> None:
        s = self.side
        self.draw.rounded_rectangle((x0 * s, y0 * s, x1 * s, y1 * s), radius * s, fill=fill)

    def curve(self, x: float, y: float, r: float, start: float, end: float, fill: str, width: float = 0.016) -> None:
        s = self.side
        box = ((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s)
        self.draw.arc(box, start, end, fill=fill, width=max(round(width * s), 1))

    def eyes(self, dx: float, y: float, size: float, white: str | None = None) -> None:
        """Round, sleepy or happy eyes."""
        kind = int(self.rng.integers(4))
        if kind == 0:  # laughing
            for side in (-1, 1):
                self.curve(0.5 + side * dx, y + size * 0.5, size * 1.1, 200, 340, _INK, 0.02)
            return
        if white:
            self.pair(dx, y, size * 1.55, size * 1.65, white)
        self.pair(dx, y, size, size * (1.15 if kind == 1 else 1), _INK)
        for side in (-1, 1):
            self.oval(0.5 + side * dx - size * 0.3, y - size * 0.35, size * 0.36, size * 0.36, "#ffffff")

    def smile(self, y: float, size: float) -> None:
        kind = int(self.rng.integers(3))
        s = self.side
        if kind == 0:
            self.curve(0.5, y - size * 0.6, size, 25, 155, _INK)
        elif kind == 1:
            box = ((0.5 - size) * s, (y - size * 1.1) * s, (0.5 + size) * s, (y + size * 0.9) * s)
            self.draw.pieslice(box, 5, 175, fill="#7a2740")
            self.oval(0.5, y + size * 0.55, size * 0.45, size * 0.24, "#ff8fa3")
        else:
            for side in (-1, 1):
                self.curve(0.5 + side * size * 0.5, y - size * 0.35, size * 0.5, 15, 165, _INK)

    def cheeks(self, dx: float, y: float, size: float, fill: str) -> None:
        self.pair(dx, y, size, size * 0.72, fill)

    def tone(self, turn: float, light: float, strength: float = 0.6) -> str:
        """A colour some way round the wheel from the background."""
        return _hex(self.hue + turn, light, strength)


def _cat(e: _Easel) -> None:
    fur, dark, pale = e.tone(0.5, 0.62), e.tone(0.5, 0.48), e.tone(0.5, 0.88)
    e.shape([(0.2, 0.5), (0.19, 0.14), (0.45, 0.3)], fur, twice=True)
    e.shape([(0.25, 0.4), (0.24, 0.23), (0.38, 0.31)], "#f7a8b4", twice=True)
    e.oval(0.5, 1.06, 0.33, 0.28, fur)
    e.oval(0.5, 0.56, 0.34, 0.3, fur)
    if e.rng.random() < 0.6:
        for dx, long in ((0, 0.13), (-0.09, 0.1), (0.09, 0.1)):
            e.box(0.5 + dx - 0.017, 0.25, 0.5 + dx + 0.017, 0.27 + long, 0.017, dark)
    e.pair(0.085, 0.68, 0.1, 0.085, pale)
    e.eyes(0.15, 0.53, 0.042, e.rng.choice(["#fff7d6", "#e6fff2"]) if e.rng.random() < 0.5 else None)
    e.shape([(0.455, 0.62), (0.545, 0.62), (0.5, 0.665)], "#e8708a")
    e.curve(0.46, 0.68, 0.04, 0, 160, _INK, 0.012)
    e.curve(0.54, 0.68, 0.04, 20, 180, _INK, 0.012)
    for side in (-1, 1):
        for k in (-1, 0, 1):
            x0, x1 = 0.5 + side * 0.19, 0.5 + side * 0.4
            e.shape([(x0, 0.66 + 0.02 * k), (x1, 0.64 + 0.05 * k), (x1, 0.648 + 0.05 * k)], pale)


def _bear(e: _Easel) -> None:
    fur, pale = e.tone(0.45, 0.5, 0.45), e.tone(0.45, 0.82, 0.5)
    e.pair(0.25, 0.3, 0.13, 0.13, fur)
    e.pair(0.25, 0.3, 0.075, 0.075, pale)
    e.oval(0.5, 1.05, 0.38, 0.26, fur)
    e.oval(0.5, 0.55, 0.35, 0.32, fur)
    e.oval(0.5, 0.67, 0.17, 0.14, pale)
    e.eyes(0.15, 0.5, 0.036)
    e.oval(0.5, 0.61, 0.055, 0.038, _INK)
    e.smile(0.7, 0.055)
    e.cheeks(0.25, 0.62, 0.055, e.tone(0.45, 0.66, 0.75))


def _fox(e: _Easel) -> None:
    fur, pale = _hex(0.05 + 0.03 * e.rng.random(), 0.56, 0.86), "#fff4e6"
    e.shape([(0.17, 0.46), (0.2, 0.1), (0.46, 0.34)], fur, twice=True)
    e.shape([(0.22, 0.34), (0.235, 0.19), (0.36, 0.31)], "#4a2b36", twice=True)
    e.oval(0.5, 1.08, 0.3, 0.28, fur)
    e.shape([(0.12, 0.52), (0.32, 0.28), (0.68, 0.28), (0.88, 0.52), (0.62, 0.78), (0.5, 0.84), (0.38, 0.78)], fur)
    e.shape([(0.12, 0.52), (0.4, 0.56), (0.5, 0.72), (0.5, 0.84), (0.38, 0.78)], pale, twice=True)
    e.eyes(0.15, 0.52, 0.038)
    e.oval(0.5, 0.8, 0.05, 0.042, _INK)


def _owl(e: _Easel) -> None:
    feather, dark, pale = e.tone(0.55, 0.5, 0.4), e.tone(0.55, 0.36, 0.4), e.tone(0.55, 0.85, 0.5)
    e.shape([(0.17, 0.16), (0.42, 0.3), (0.2, 0.42)], dark, twice=True)
    e.oval(0.5, 0.64, 0.36, 0.46, feather)
    e.oval(0.5, 0.86, 0.23, 0.26, pale)
    for row in range(3):
        for k in range(-2 + row % 2, 3):
            e.curve(0.5 + (k - 0.5 * (row % 2)) * 0.085, 0.74 + row * 0.08, 0.04, 10, 170, dark, 0.012)
    e.pair(0.15, 0.45, 0.155, 0.155, pale)
    e.pair(0.15, 0.45, 0.1, 0.1, e.rng.choice(["#ffd166", "#ffb347", "#9be7ff"]))
    e.pair(0.15, 0.45, 0.055, 0.055, _INK)
    e.pair(0.13, 0.43, 0.018, 0.018, "#ffffff")
    e.shape([(0.455, 0.5), (0.545, 0.5), (0.5, 0.6)], "#f79d3c")


def _bunny(e: _Easel) -> None:
    fur, inner = e.tone(0.5, 0.9, 0.5), "#ffb3c4"
    for side in (-1, 1):
        lean = 0.02 * side
        e.oval(0.5 + side * 0.13 + lean, 0.24, 0.075, 0.21, fur)
        e.oval(0.5 + side * 0.13 + lean, 0.25, 0.038, 0.15, inner)
    e.oval(0.5, 1.08, 0.3, 0.28, fur)
    e.oval(0.5, 0.6, 0.31, 0.28, fur)
    e.eyes(0.13, 0.56, 0.038)
    e.cheeks(0.21, 0.66, 0.055, inner)
    e.shape([(0.465, 0.635), (0.535, 0.635), (0.5, 0.67)], "#e8708a")
    e.box(0.475, 0.7, 0.499, 0.75, 0.006, "#ffffff")
    e.box(0.501, 0.7, 0.525, 0.75, 0.006, "#ffffff")
    e.curve(0.465, 0.675, 0.035, 0, 170, _INK, 0.011)
    e.curve(0.535, 0.675, 0.035, 10, 180, _INK, 0.011)


def _frog(e: _Easel) -> None:
    skin, pale = _hex(0.26 + 0.12 * e.rng.random(), 0.5, 0.55), _hex(0.25, 0.86, 0.6)
    e.pair(0.2, 0.32, 0.13, 0.13, skin)
    e.oval(0.5, 1.08, 0.36, 0.28, skin)
    e.oval(0.5, 0.58, 0.38, 0.28, skin)
    e.pair(0.2, 0.31, 0.09, 0.09, "#ffffff")
    e.pair(0.2, 0.32, 0.05, 0.058, _INK)
    e.pair(0.185, 0.3, 0.018, 0.018, "#ffffff")
    e.oval(0.5, 0.74, 0.24, 0.1, pale)
    e.curve(0.5, 0.5, 0.24, 30, 150, _INK, 0.018)
    e.pair(0.03, 0.52, 0.009, 0.009, _INK)
    e.cheeks(0.29, 0.62, 0.05, "#ff9fae")


def _panda(e: _Easel) -> None:
    e.pair(0.26, 0.27, 0.12, 0.12, _INK)
    e.oval(0.5, 1.08, 0.38, 0.28, _INK)
    e.oval(0.5, 0.55, 0.35, 0.32, "#fdfbf7")
    for side in (-1, 1):
        e.shape(
            [
                (0.5 + side * x, y)
                for x, y in ((0.07, 0.5), (0.12, 0.42), (0.22, 0.44), (0.26, 0.54), (0.2, 0.62), (0.11, 0.6))
            ],
            _INK,
        )
    e.pair(0.155, 0.52, 0.04, 0.04, "#ffffff")
    e.pair(0.15, 0.525, 0.024, 0.024, _INK)
    e.oval(0.5, 0.65, 0.045, 0.032, _INK)
    e.smile(0.73, 0.05)
    e.cheeks(0.25, 0.68, 0.05, "#ffc2cf")
    if e.rng.random() < 0.5:
        e.shape([(0.3, 0.2), (0.5, 0.27), (0.3, 0.34)], e.tone(0.4, 0.6, 0.8), twice=True)
        e.oval(0.5, 0.27, 0.035, 0.035, e.tone(0.4, 0.45, 0.8))


def _penguin(e: _Easel) -> None:
    coat = e.tone(0.5, 0.26, 0.4)
    e.oval(0.5, 0.66, 0.36, 0.52, coat)
    e.pair(0.115, 0.5, 0.16, 0.17, "#fdfbf7")
    e.oval(0.5, 0.84, 0.26, 0.34, "#fdfbf7")
    e.eyes(0.12, 0.46, 0.036)
    e.shape([(0.43, 0.53), (0.57, 0.53), (0.5, 0.61)], "#ffab40")
    e.cheeks(0.2, 0.57, 0.045, "#ffb3c0")
    e.box(0.22, 0.7, 0.78, 0.78, 0.04, e.tone(0.0, 0.6, 0.8))
    e.box(0.6, 0.74, 0.7, 0.96, 0.02, e.tone(0.0, 0.52, 0.8))


def _robot(e: _Easel) -> None:
    metal, dark, glow = e.tone(0.5, 0.72, 0.25), e.tone(0.5, 0.42, 0.3), e.tone(0.25, 0.65, 0.9)
    e.box(0.485, 0.1, 0.515, 0.26, 0.01, dark)
    e.oval(0.5, 0.1, 0.045, 0.045, glow)
    e.box(0.12, 0.46, 0.22, 0.64, 0.03, dark)
    e.box(0.78, 0.46, 0.88, 0.64, 0.03, dark)
    e.box(0.28, 0.84, 0.72, 1.1, 0.06, dark)
    e.box(0.18, 0.24, 0.82, 0.82, 0.14, metal)
    e.box(0.25, 0.36, 0.75, 0.72, 0.1, "#241c33")
    if e.rng.random() < 0.5:
        e.pair(0.13, 0.49, 0.055, 0.055, glow)
        e.pair(0.115, 0.475, 0.018, 0.018, "#ffffff")
    else:
        for side in (-1, 1):
            e.curve(0.5 + side * 0.13, 0.52, 0.06, 190, 350, glow, 0.026)
    e.curve(0.5, 0.56, 0.09, 25, 155, glow, 0.024)
    e.cheeks(0.25, 0.3, 0.02, dark)


def _blob(e: _Easel) -> None:
    """A cheerful monster."""
    skin, pale = e.tone(0.5, 0.58, 0.65), e.tone(0.5, 0.75, 0.7)
    turn = e.rng.uniform(0, 6.28)
    waves = int(e.rng.integers(5, 10))
    outline = []
    for a in np.linspace(0, 2 * np.pi, 120, endpoint=False):
        r = 0.36 + 0.022 * float(np.sin(a * waves + turn))
        outline.append((0.5 + r * float(np.cos(a)), 0.6 + 1.04 * r * float(np.sin(a))))
    horns = int(e.rng.integers(3))
    if horns:
        e.shape([(0.26, 0.36), (0.22, 0.1), (0.42, 0.29)], "#fff1d6" if horns == 1 else pale, twice=True)
    else:
        for dx in (-0.12, 0, 0.12):
            e.box(0.5 + dx - 0.01, 0.13, 0.5 + dx + 0.01, 0.32, 0.01, skin)
            e.oval(0.5 + dx, 0.12, 0.035, 0.035, pale)
    e.shape(outline, skin)
    for _ in range(6):
        a = e.rng.uniform(0, 6.28)
        e.oval(0.5 + 0.26 * float(np.cos(a)), 0.62 + 0.26 * float(np.sin(a)), 0.03, 0.026, pale)
    if e.rng.random() < 0.35:
        e.oval(0.5, 0.5, 0.13, 0.13, "#ffffff")
        e.oval(0.5, 0.51, 0.07, 0.07, _INK)
        e.oval(0.475, 0.485, 0.025, 0.025, "#ffffff")
    else:
        e.eyes(0.13, 0.52, 0.048, "#ffffff")
    e.smile(0.73, 0.08)


_SKINS = ("#f9d5b8", "#f1c19a", "#d99e73", "#b97a50", "#8d5636", "#5f3a27")
_HAIR = ("#2a1d22", "#4b2e21", "#7a4a24", "#c98b3c", "#e8c66a", "#b5502f", "#6f6a78", "#d86a8f", "#4d7fb8")


def _person(e: _Easel) -> None:
    rng = e.rng
    skin = _SKINS[int(rng.integers(len(_SKINS)))]
    hair = _HAIR[int(rng.integers(len(_HAIR)))]
    style = int(rng.integers(6))
    shirt, trim = e.tone(0.5, 0.55, 0.6), e.tone(0.5, 0.75, 0.7)
    if style in (1, 4):  # long hair
        e.box(0.21, 0.24, 0.79, 0.92, 0.26, hair)
    if style == 5:  # curls
        for a in np.linspace(-3.7, 0.55, 13):
            e.oval(0.5 + 0.29 * float(np.cos(a)), 0.45 + 0.29 * float(np.sin(a)), 0.115, 0.115, hair)
    if style == 3:  # a bun
        e.oval(0.5, 0.15, 0.12, 0.11, hair)
    e.box(0.18, 0.8, 0.82, 1.3, 0.22, shirt)
    e.shape([(0.38, 0.79), (0.62, 0.79), (0.5, 0.94)], trim)
    e.box(0.42, 0.66, 0.58, 0.86, 0.07, _shade(skin, 0.86))
    e.pair(0.26, 0.52, 0.05, 0.065, skin)
    e.oval(0.5, 0.5, 0.26, 0.29, skin)
    if style == 0:  # short, swept aside
        e.shape(
            [
                (0.23, 0.46),
                (0.24, 0.3),
                (0.36, 0.19),
                (0.6, 0.17),
                (0.76, 0.3),
                (0.77, 0.46),
                (0.7, 0.36),
                (0.5, 0.34),
                (0.36, 0.31),
            ],
            hair,
        )
    elif style == 2:  # a cap
        e.box(0.23, 0.18, 0.77, 0.4, 0.19, e.tone(0.3, 0.5, 0.65))
        e.box(0.22, 0.35, 0.78, 0.41, 0.03, e.tone(0.3, 0.38, 0.65))
    elif style in (1, 3, 4):
        e.shape(
            [
                (0.225, 0.5),
                (0.25, 0.27),
                (0.4, 0.185),
                (0.6, 0.185),
                (0.75, 0.27),
                (0.775, 0.5),
                (0.7, 0.37),
                (0.5, 0.29),
                (0.3, 0.37),
            ],
            hair,
        )
        if style == 4:
            e.box(0.26, 0.25, 0.74, 0.37, 0.06, hair)
    else:
        e.shape([(0.25, 0.42), (0.3, 0.25), (0.5, 0.2), (0.7, 0.25), (0.75, 0.42), (0.6, 0.32), (0.4, 0.32)], hair)
    e.eyes(0.105, 0.5, 0.028)
    for side in (-1, 1):
        e.curve(0.5 + side * 0.105, 0.475, 0.055, 220, 320, _shade(hair, 0.8), 0.014)
    if rng.random() < 0.35:  # glasses
        for side in (-1, 1):
            e.curve(0.5 + side * 0.105, 0.505, 0.078, 0, 360, "#3a2c3f", 0.014)
        e.box(0.47, 0.495, 0.53, 0.508, 0.004, "#3a2c3f")
    e.curve(0.5, 0.55, 0.025, 30, 150, _shade(skin, 0.72), 0.012)
    if style != 4 and rng.random() < 0.25:  # a beard
        e.draw.chord((0.27 * e.side, 0.42 * e.side, 0.73 * e.side, 0.81 * e.side), 12, 168, fill=hair)
    e.smile(0.66, 0.06)
    e.cheeks(0.165, 0.6, 0.04, _mixed(skin, "#ff6f7d", 0.3))


def _mixed(a: str, b: str, share: float) -> str:
    pairs = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (q - p) * share):02x}" for p, q in pairs)


def _shade(colour: str, light: float) -> str:
    return _mixed("#000000", colour, light)


# People twice: they are half of any real community's pictures.
_SITTERS: tuple[Callable[[_Easel], None], ...] = (
    _person, _cat, _bear, _person, _fox, _robot, _owl, _person, _bunny, _blob, _frog, _person, _panda, _penguin,
)  # fmt: skip


def portrait(seed: int, size: int = 256) -> Image.Image:
    """An avatar of size x size RGB pixels; the same for the same seed, another sitter or other colours for each."""
    rng = np.random.default_rng([seed, 7919])
    # neighbouring seeds get far-apart hues: the golden angle
    hue = (seed * 0.6180339887 + 0.08) % 1
    side = size * _SCALE
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / np.float32(side)
    share = np.clip((x + y) / 2, 0, 1)[..., None]
    glow = np.exp(-((x - 0.32) ** 2 + (y - 0.25) ** 2) * 5)[..., None] * np.float32(0.3)
    first, last = (
        np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
        for c in (_hex(hue, 0.78, 0.7), _hex(hue + 0.09 + 0.08 * rng.random(), 0.56, 0.62))
    )
    back = first + (last - first) * share
    back += (255 - back) * glow
    picture = Image.fromarray(back.astype(np.uint8))
    easel = _Easel(picture, rng, hue)
    pattern = int(rng.integers(4))
    tint = _hex(hue, 0.84, 0.75)
    if pattern == 1:
        for _ in range(9):
            r = float(rng.uniform(0.02, 0.07))
            easel.oval(float(rng.random()), float(rng.random()), r, r, tint)
    elif pattern == 2:
        easel.curve(0.5, 0.62, 0.48, 0, 360, tint, 0.02)
        easel.curve(0.5, 0.62, 0.58, 0, 360, tint, 0.012)
    elif pattern == 3:
        for k in range(12):
            a, b = k * np.pi / 6, k * np.pi / 6 + 0.22
            easel.shape(
                [
                    (0.5, 0.6),
                    (0.5 + float(np.cos(a)), 0.6 + float(np.sin(a))),
                    (0.5 + float(np.cos(b)), 0.6 + float(np.sin(b))),
                ],
                tint,
            )
    _SITTERS[seed % len(_SITTERS)](easel)
    return picture.reduce(_SCALE)
