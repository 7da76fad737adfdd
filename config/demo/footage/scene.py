"""What a scene is: something that can draw any moment of a loop, and the sound that goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import Floats
from config.demo.footage.score import Score

Draw = Callable[[float], Canvas]
TALL = (720, 1280)  # some phones upload more pixels; for engines that are cheap enough to do so too


@dataclass(frozen=True, slots=True)
class Stage:
    """The screen a scene is set up for: full size in pixels, its source of chance, the loop's length in seconds."""

    w: int
    h: int
    rng: np.random.Generator
    seconds: float

    @property
    def unit(self) -> float:
        """One design pixel: scenes are drawn for a width of 576."""
        return self.w / 576

    def size(self, part: int = 1) -> tuple[int, int]:
        """(h, w) of a plane at 1/part of the full size, sides even."""
        return (self.h // part) & ~1, (self.w // part) & ~1

    def grid(self, part: int = 1) -> tuple[Floats, Floats]:
        """Centred coordinates at 1/part of the full size in widths: x (1, w) in -0.5..0.5, y (h, 1) downwards."""
        h, w = self.size(part)
        x = (np.arange(w, dtype=np.float32) + np.float32(0.5)) / w - np.float32(0.5)
        y = (np.arange(h, dtype=np.float32) + np.float32(0.5) - h / 2) / np.float32(w)
        return x[None, :], y[:, None].astype(np.float32)

    def down(self, part: int = 1) -> Floats:
        """The way from the top (0) to the bottom (1) for each row, shape (h, 1)."""
        h, _ = self.size(part)
        return ((np.arange(h, dtype=np.float32) + np.float32(0.5)) / np.float32(h))[:, None]

    def gradient(self, palette: Floats, part: int = 1) -> Floats:
        """A palette from top to bottom as planes (3, h, w)."""
        h, w = self.size(part)
        at = (self.down(part)[:, 0] * (palette.shape[1] - 1)).astype(np.intp)
        return np.repeat(palette[:, at][:, :, None], w, axis=2)

    def vignette(self, depth: float = 0.35, part: int = 1, *, sub: bool = True) -> tuple[Floats, Floats]:
        """Masks that darken the corners by `depth`, for luma and chroma."""
        x, y = self.grid(part)
        far = (x * 2) ** 2 + (y * 2 * self.w / self.h) ** 2
        mask = (1 - np.float32(depth) * np.clip(far * np.float32(0.55), 0, 1) ** np.float32(1.4)).astype(np.float32)
        return mask, (mask[::2, ::2].copy() if sub and part == 1 else mask)


@dataclass(frozen=True, slots=True)
class Scene:
    """A clip of the demo: `build` sets the stage and returns the function that draws a moment t in 0..1.

    `repeats` is how often the drawn loop is played in a clip; `size` is the size it is meant to be uploaded in.
    """

    build: Callable[[Stage], Draw]
    score: Score = field(default_factory=Score)
    repeats: int = 1
    size: tuple[int, int] = (576, 1024)
