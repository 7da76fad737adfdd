"""The frame being painted: soft-edged shapes, lights and layers on planes (see `colour`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from config.demo.footage.colour import Colour, Floats, doubled, halved, light_of, moved, points, product, yuv
from config.demo.footage.layer import Layer


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of a canvas with even corners, and the pixel centres in it (x: (1, w), y: (h, 1))."""

    top: int
    left: int
    x: Floats
    y: Floats

    @property
    def luma(self) -> tuple[slice, slice]:
        return slice(self.top, self.top + self.y.shape[0]), slice(self.left, self.left + self.x.shape[1])

    @property
    def chroma(self) -> tuple[slice, slice]:
        rows, columns = self.luma
        return slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2)


class Canvas:
    """One frame being painted: a luma plane and two chroma planes, half-sized unless `sub` is false."""

    def __init__(self, y: Floats, u: Floats, v: Floats) -> None:
        self.y, self.u, self.v = y, u, v
        self.h, self.w = y.shape
        self.sub = u.shape != y.shape

    @classmethod
    def blank(cls, h: int, w: int, colour: Colour = "#000000", *, sub: bool = True) -> Canvas:
        """A canvas of one colour."""
        small = (h // 2, w // 2) if sub else (h, w)
        y, u, v = yuv(colour)
        return cls(np.full((h, w), y, np.float32), np.full(small, u, np.float32), np.full(small, v, np.float32))

    @classmethod
    def soft(cls, planes: Floats) -> Canvas:
        """A canvas over planes of one size (3, h, w); the encoder scales it up."""
        return cls(planes[0], planes[1], planes[2])

    @classmethod
    def sharp(cls, planes: Floats) -> Canvas:
        """A full-size canvas from planes (3, h, w) at half size: luma is interpolated."""
        return cls(doubled(planes[0]), planes[1].copy(), planes[2].copy())

    @classmethod
    def painting(cls, planes: Floats) -> Canvas:
        """A full-size canvas from planes (3, h, w) at full size."""
        return cls(planes[0].copy(), halved(planes[1]), halved(planes[2]))

    def copy(self) -> Canvas:
        """The same picture on fresh planes."""
        return Canvas(self.y.copy(), self.u.copy(), self.v.copy())

    def window(self, x0: float, y0: float, x1: float, y1: float) -> Window | None:
        """The even-cornered part of the canvas that covers the rectangle, or None when it lies outside."""
        left, top = max(int(x0) & ~1, 0), max(int(y0) & ~1, 0)
        right, bottom = min((int(x1) + 2) & ~1, self.w), min((int(y1) + 2) & ~1, self.h)
        if x1 < 0 or y1 < 0 or right <= left or bottom <= top:
            return None
        xs = np.arange(left, right, dtype=np.float32)[None, :]
        return Window(top, left, xs, np.arange(top, bottom, dtype=np.float32)[:, None])

    def _chroma(self, win: Window, mask: Floats) -> tuple[tuple[slice, slice], Floats]:
        return (win.chroma, halved(mask)) if self.sub else (win.luma, mask)

    def blend(self, win: Window, alpha: Floats, colour: Colour) -> None:
        """Lay a colour over the window; alpha (h, w) in 0..1. The colour may vary: shape (3, h, w) or (3, h, 1)."""
        tone = yuv(colour)
        luma = self.y[win.luma]
        luma += alpha * (tone[0] - luma)
        where, small = self._chroma(win, alpha)
        for plane, value in ((self.u, tone[1]), (self.v, tone[2])):
            target = plane[where]
            target += small * ((value[::2, ::2] if self.sub and value.ndim == 2 else value) - target)

    def add(self, win: Window, amount: Floats, colour: Colour) -> None:
        """Add light of a colour; amount (h, w), 1 is the full colour."""
        tone = light_of(colour)
        self.y[win.luma] += amount * tone[0]
        where, small = self._chroma(win, amount)
        self.u[where] += small * tone[1]
        self.v[where] += small * tone[2]

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """A soft round light (Gaussian; `radius` is where it has all but gone)."""
        x, y = float(x), float(y)  # NumPy's own scalars would widen every array here to 64 bits
        win = self.window(x - radius, y - radius, x + radius, y + radius)
        if win is None:
            return
        k = np.float32(-4.5 / (radius * radius))
        across, down = np.exp(k * (win.x - x) ** 2), np.exp(k * (win.y - y) ** 2)
        edge = np.float32(0.011)  # exp(-4.5): take it off, so that the light ends at the radius without a step
        self.add(win, np.maximum(across * down - edge, 0) * np.float32(strength), colour)

    def lights(self, lamps: Sequence[tuple[float, float, float, float]], colour: Colour, *, part: int = 2) -> None:
        """Add many glows of one colour at once: (x, y, radius, strength) each, computed at 1/part of the size."""
        if not lamps:
            return
        unit = np.float32(1 / part)
        rows = np.arange(self.h // part, dtype=np.float32)[None, :]
        columns = np.arange(self.w // part, dtype=np.float32)[None, :]
        table = np.array(lamps, np.float32).T[:, :, None]
        cx, cy, r = table[:3] * unit
        k = -4.5 / (r * r)
        down = np.exp(k * (rows - cy) ** 2) * table[3]
        spot = product(down.T, np.exp(k * (columns - cx) ** 2))  # the sum of all outer products
        while part > 2:
            spot, part = doubled(spot), part // 2
        light = light_of(colour)
        self.y += doubled(spot) * light[0]
        self.u += spot * light[1]
        self.v += spot * light[2]

    def disc(self, x: float, y: float, radius: float, colour: Colour, alpha: float = 1.0, soft: float = 1.0) -> None:
        """A round spot with an edge `soft` pixels wide."""
        x, y, radius = float(x), float(y), float(radius)
        reach = radius + soft
        win = self.window(x - reach, y - reach, x + reach, y + reach)
        if win is not None:
            distance = np.sqrt((win.x - x) ** 2 + (win.y - y) ** 2)
            cover = np.clip((radius - distance) * np.float32(1 / soft) + np.float32(0.5), 0, 1)
            self.blend(win, cover * np.float32(alpha), colour)

    def stamp(self, layer: Layer, x: float, y: float, opacity: float = 1.0, *, smooth: bool = False) -> None:
        """Lay a drawn layer with its corner at (x, y); `smooth` follows fractions of a pixel, for slow motion."""
        left, top = int(np.floor(x)), int(np.floor(y))
        if smooth and (x > left or y > top):
            fx, fy = np.float32(x - left), np.float32(y - top)
            layer = Layer(
                moved(layer.alpha, fx, fy), moved(layer.planes[:1], fx, fy), layer.alpha_half, layer.chroma_half
            )
        self._lay(self.y, layer.alpha, layer.planes[0], left, top, opacity)
        if self.sub:
            left, top = round(x / 2), round(y / 2)
        cover = layer.alpha_half if self.sub else layer.alpha
        for plane, values in zip((self.u, self.v), layer.chroma_half if self.sub else layer.planes[1:], strict=True):
            self._lay(plane, cover, values, left, top, opacity)

    @staticmethod
    def _lay(plane: Floats, alpha: Floats, values: Floats, x: int, y: int, opacity: float) -> None:
        h, w = alpha.shape
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + w, plane.shape[1]), min(y + h, plane.shape[0])
        if right <= left or bottom <= top:
            return
        src = np.s_[top - y : bottom - y, left - x : right - x]
        target = plane[top:bottom, left:right]
        if opacity == 1:
            target -= alpha[src] * target
            target += values[src]
        else:
            target -= np.float32(opacity) * (alpha[src] * target - values[src])

    def splat(self, x: Floats, y: Floats, amount: Floats, *, part: int = 1) -> None:
        """Add many small white points to luma, each shared among four pixels; with part=2 they are twice as large."""
        h, w = self.h // part, self.w // part
        plane = points(x / part, y / part, amount, (h, w))
        self.y += doubled(plane) if part == 2 else plane

    def shadow(self, profile: Floats, reach: float, strength: float) -> None:
        """Darken what lies above a line, as a sheet of paper in front would, over `reach` pixels."""
        block = max(self.w // 4 & ~1, 2)
        for left in range(0, self.w, block):  # narrow blocks, so that few rows lie outside the reach
            line = profile[left : left + block]
            top, bottom = max(int(line.min() - reach), 0), min(int(line.max()) + 1, self.h)
            if bottom <= top:
                continue
            rows = np.arange(top, bottom, dtype=np.float32)[:, None]
            near = rows * np.float32(1 / reach) + (1 - line * np.float32(1 / reach))[None, :]
            np.clip(near, 0, 1, out=near)
            near *= near
            near *= np.float32(-strength)
            near += 1
            self.y[top:bottom, left : left + block] *= near

    def haze(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """Like `glow`, but laid over instead of added: for bright skies, where added light would burn out."""
        x, y = float(x), float(y)
        win = self.window(x - radius, y - radius, x + radius, y + radius)
        if win is not None:
            k = np.float32(-4.5 / (radius * radius))
            spot = np.exp(k * (win.x - x) ** 2) * np.exp(k * (win.y - y) ** 2)
            self.blend(win, np.maximum(spot - np.float32(0.011), 0) * np.float32(strength), colour)

    def hill(
        self, profile: Floats, top: Colour, bottom: Colour, soft: float = 1.2, *, until: int | None = None
    ) -> None:
        """Fill everything under a line (profile: y for each column) with a gradient from its crest to the bottom.

        `until` is a row below which something else will cover the hill.
        """
        crest = max(int(profile.min()) - 2, 0)
        win = self.window(0, crest, self.w - 1, self.h - 1)
        if win is None:
            return
        share = ((win.y - crest) / max(self.h - crest, 1)).astype(np.float32)
        first, last = yuv(top), yuv(bottom)
        tone = first[:, None, None] + (last - first)[:, None, None] * share
        solid = (min(int(profile.max()) + 3, self.h) - win.top + 1) & ~1
        block = max(self.w // 4 & ~1, 2)
        for left in range(0, self.w, block):
            line = profile[left : left + block]
            start = max((int(line.min()) - 2) & ~1, win.top)
            stop = min((int(line.max()) + 4) & ~1, win.top + solid)
            if stop <= start:
                continue
            rows = np.arange(start, stop, dtype=np.float32)[:, None]
            alpha = rows * np.float32(1 / soft) + (np.float32(0.5) - line * np.float32(1 / soft))[None, :]
            np.clip(alpha, 0, 1, out=alpha)
            part = tone[:, start - win.top : stop - win.top]
            self.blend(Window(start, left, win.x[:, left : left + block], rows), alpha, part)
            self._rows(tone[:, stop - win.top : solid], stop, left, left + block)
        below, end = win.top + solid, min((until or self.h) + 1, self.h) & ~1
        self._rows(tone[:, solid : max(end - win.top, solid)], below, 0, self.w)

    def _rows(self, tone: Floats, top: int, left: int, right: int) -> None:
        """Fill rows from `top` on with a colour each (3, rows, 1); even corners."""
        step = 2 if self.sub else 1
        bottom = top + tone.shape[1]
        self.y[top:bottom, left:right] = tone[0]
        for plane, values in ((self.u, tone[1]), (self.v, tone[2])):
            plane[top // step : bottom // step, left // step : right // step] = values[::step]

    def vignette(self, mask: tuple[Floats, Floats]) -> None:
        """Darken by a ready mask (see `Stage.vignette`): luma towards black, chroma towards grey."""
        self.y -= np.float32(16)
        self.y *= mask[0]
        self.y += np.float32(16)
        for plane in (self.u, self.v):
            plane -= np.float32(128)
            plane *= mask[1]
            plane += np.float32(128)
