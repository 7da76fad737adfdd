"""Pictures with transparency, drawn with a pen and laid on a canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from config.demo.footage.colour import Colour, Floats, halved, premultiplied, yuv


@dataclass(frozen=True, slots=True)
class Layer:
    """A drawn picture with transparency: coverage, and colour already multiplied by it."""

    alpha: Floats
    planes: Floats
    alpha_half: Floats
    chroma_half: Floats

    @classmethod
    def of(cls, picture: Image.Image) -> Layer:
        """From an RGBA picture (or RGBa: already multiplied) with even sides."""
        planes = premultiplied(np.asarray(picture if picture.mode == "RGBa" else picture.convert("RGBa")))
        return cls.over(planes[3], planes[:3])

    @classmethod
    def over(cls, alpha: Floats, planes: Floats) -> Layer:
        """From coverage (h, w) and colour planes (3, h, w) already multiplied by it; sides even."""
        return cls(alpha, planes, halved(alpha), np.stack([halved(planes[1]), halved(planes[2])]))

    def tinted(self, colour: Colour) -> Layer:
        """Its silhouette in one colour."""
        tone = yuv(colour)
        return Layer(
            self.alpha,
            (self.alpha * tone[0])[None],
            self.alpha_half,
            np.stack([self.alpha_half * tone[1], self.alpha_half * tone[2]]),
        )

    @classmethod
    def drawn(cls, width: float, height: float, paint: Callable[..., None], *args: object, scale: int = 3) -> Layer:
        """Draw a layer of about width x height pixels by `paint(pen, *args)`, `scale` times larger, for smooth edges."""
        w, h = (int(width) + 1) & ~1, (int(height) + 1) & ~1
        large = Image.new("RGBA", (w * scale, h * scale))
        paint(Pen(ImageDraw.Draw(large), scale), *args)
        return cls.of(large.convert("RGBa").reduce(scale))


class Pen:
    """Draws on an enlarged picture in the coordinates of the small one."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float) -> None:
        self._draw, self.scale = draw, scale

    def _at(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def polygon(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        self._draw.polygon(self._at(points), fill=fill)

    def line(self, points: Sequence[tuple[float, float]], fill: str, width: float = 1) -> None:
        self._draw.line(self._at(points), fill=fill, width=max(round(width * self.scale), 1), joint="curve")

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        k = self.scale
        self._draw.ellipse(((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=fill)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str, radius: float = 0) -> None:
        k = self.scale
        self._draw.rounded_rectangle((x0 * k, y0 * k, x1 * k, y1 * k), radius * k, fill=fill)

    def pie(self, x: float, y: float, r: float, start: float, end: float, fill: str) -> None:
        k = self.scale
        self._draw.pieslice(((x - r) * k, (y - r) * k, (x + r) * k, (y + r) * k), start, end, fill=fill)
