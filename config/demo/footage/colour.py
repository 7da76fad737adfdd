"""Colours and planes.

Pictures are drawn straight into the planes that H.264 stores (Y'CbCr, BT.601, limited range: luma 16-235, chroma
centred on 128). Blending and adding light are linear, so they give the same result there as in RGB, and the
costliest step of a software renderer, the conversion of every frame, falls away.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Colour = str | Floats

TAU = float(2 * np.pi)

# ITU-R BT.601, limited range, for R'G'B' in 0..1.
_MATRIX = np.array([[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]], dtype=np.float32)
_OFFSET = np.array([16.0, 128.0, 128.0], dtype=np.float32)
# The same for bytes of R, G, B and alpha, R, G, B already multiplied by alpha: to Y', Cb, Cr (multiplied) and alpha.
_PREMULTIPLIED = np.zeros((4, 4), dtype=np.float32)
_PREMULTIPLIED[:3, :3] = _MATRIX.T / 255
_PREMULTIPLIED[3] = [*(_OFFSET / 255), 1 / 255]


def rgb(colour: str) -> Floats:
    """`#rrggbb` as three floats in 0..1."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)], dtype=np.float32)


def product(a: Floats, b: Floats) -> Floats:
    """A matrix product in pieces: BLAS wakes its threads for large ones, and clips are rendered side by side."""
    rows = max(200_000 // (b.shape[0] * b.shape[1]), 1)
    out = np.empty((a.shape[0], b.shape[1]), np.float32)
    for start in range(0, a.shape[0], rows):
        np.matmul(a[start : start + rows], b, out=out[start : start + rows])
    return out


def to_yuv(values: Floats) -> Floats:
    """RGB in 0..1, shape (..., 3), to planes of shape (3, ...)."""
    flat = product(values.reshape(-1, 3), _MATRIX.T) + _OFFSET
    return np.ascontiguousarray(np.moveaxis(flat.reshape(values.shape), -1, 0), dtype=np.float32)


@cache
def _yuv(colour: str) -> Floats:
    planes = to_yuv(rgb(colour))
    planes.flags.writeable = False
    return planes


def yuv(colour: Colour) -> Floats:
    """A `#rrggbb` colour (or a ready triple) as luma and chroma, shape (3,)."""
    return _yuv(colour) if isinstance(colour, str) else colour


def mix(a: Colour, b: Colour, share: float) -> Floats:
    """The colour `share` of the way from a to b."""
    first, second = yuv(a), yuv(b)
    return np.asarray(first + (second - first) * np.float32(share), dtype=np.float32)


def light_of(colour: Colour) -> Floats:
    """A colour as an amount of light: its planes less black, shape (3,)."""
    return np.asarray(yuv(colour) - _OFFSET, dtype=np.float32)


def to_hex(colour: Floats) -> str:
    """Planes of one colour back to `#rrggbb`."""
    y, u, v = 1.164 * (float(colour[0]) - 16), float(colour[1]) - 128, float(colour[2]) - 128
    values = (y + 1.596 * v, y - 0.392 * u - 0.813 * v, y + 2.017 * u)
    return "#" + "".join(f"{int(min(max(value, 0), 255)):02x}" for value in values)


def mix_hex(a: str, b: str, share: float) -> str:
    """The `#rrggbb` colour `share` of the way from a to b."""
    values = rgb(a) + (rgb(b) - rgb(a)) * share
    return "#" + "".join(f"{round(float(c) * 255):02x}" for c in values)


def premultiplied(pixels: NDArray[np.uint8]) -> Floats:
    """Bytes of R, G, B (multiplied by alpha) and alpha, shape (h, w, 4), to planes of Y', Cb, Cr and alpha (4, h, w)."""
    h, w = pixels.shape[:2]
    flat = product(pixels.reshape(-1, 4).astype(np.float32), _PREMULTIPLIED)
    return np.ascontiguousarray(flat.T).reshape(4, h, w)


def ramp(*stops: str | tuple[float, str], n: int = 1024) -> Floats:
    """A palette of n entries, shape (3, n), through the stops (evenly spaced unless given as (position, colour))."""
    places = [stop[0] if isinstance(stop, tuple) else i / (len(stops) - 1) for i, stop in enumerate(stops)]
    colours = np.stack([rgb(stop[1] if isinstance(stop, tuple) else stop) for stop in stops])
    at = np.linspace(0, 1, n)
    channels = [np.interp(at, places, colours[:, k]) for k in range(3)]
    return to_yuv(np.stack(channels, axis=-1).astype(np.float32))


def shade(palette: Floats, value: Floats) -> Floats:
    """Colour a field of 0..1 values (clipped) through a palette: shape (3, *value.shape)."""
    top = palette.shape[1] - 1
    index = np.clip(value * np.float32(top), 0, top).astype(np.intp)
    return np.stack([channel.take(index) for channel in palette])


def smoothstep(low: float, high: float, x: Floats) -> Floats:
    """0 below low, 1 above high, a smooth curve between (low may be the larger one: then it falls)."""
    u = np.clip((x - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(u * u * (3 - 2 * u), dtype=np.float32)


def halved(plane: Floats) -> Floats:
    """A plane at half the size (sides must be even): two of each four samples averaged, enough for chroma."""
    return np.asarray((plane[::2, ::2] + plane[1::2, 1::2]) * np.float32(0.5), dtype=np.float32)


def doubled(plane: Floats) -> Floats:
    """A plane at twice the size, linearly interpolated."""
    h, w = plane.shape
    wide = np.empty((h, 2 * w), np.float32)
    wide[:, ::2] = plane
    wide[:, 1:-1:2] = (plane[:, :-1] + plane[:, 1:]) * np.float32(0.5)
    wide[:, -1] = plane[:, -1]
    out = np.empty((2 * h, 2 * w), np.float32)
    out[::2] = wide
    out[1:-1:2] = (wide[:-1] + wide[1:]) * np.float32(0.5)
    out[-1] = wide[-1]
    return out


def moved(plane: Floats, fx: np.float32, fy: np.float32) -> Floats:
    """The last two axes shifted right by fx and down by fy of a pixel."""
    out = plane.copy()
    out[..., 1:] -= fx * (plane[..., 1:] - plane[..., :-1])
    if fy:
        plane, out = out, out.copy()
        out[..., 1:, :] -= fy * (plane[..., 1:, :] - plane[..., :-1, :])
    return out


def points(x: Floats, y: Floats, amount: Floats, shape: tuple[int, int]) -> Floats:
    """A plane on which each point is shared among the four pixels around it."""
    h, w = shape
    column, row = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    fx, fy = x - column, y - row
    inside = (column >= 0) & (column < w - 1) & (row >= 0) & (row < h - 1)
    at, fx, fy, amount = (row * w + column)[inside], fx[inside], fy[inside], amount[inside]
    plane = np.zeros(h * w, np.float64)
    for offset, share in ((0, (1 - fx) * (1 - fy)), (1, fx * (1 - fy)), (w, (1 - fx) * fy), (w + 1, fx * fy)):
        plane += np.bincount(at + offset, share * amount, h * w)
    return plane.astype(np.float32).reshape(h, w)
