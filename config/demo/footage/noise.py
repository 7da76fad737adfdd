"""Seamless noise: Gaussian fields that tile in space and, mixed in pairs, loop in time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from config.demo.footage.colour import TAU, Floats


def field(rng: np.random.Generator, shape: tuple[int, int], slope: float, low: float = 1, high: float = 64) -> Floats:
    """A tiling field of mean 0 and deviation 1.

    The amplitude falls as frequency**-slope between `low` and `high` waves per shorter side; a larger slope is smoother.
    """
    h, w = shape
    unit = min(h, w)
    fy = np.fft.fftfreq(h)[:, None] * unit
    fx = np.fft.rfftfreq(w)[None, :] * unit
    frequency = np.hypot(fx, fy)
    frequency[0, 0] = 1
    gain = frequency**-slope * np.exp(-((frequency / high) ** 4)) * (frequency >= low * 0.99)
    gain[0, 0] = 0
    waves = (rng.standard_normal(gain.shape) + 1j * rng.standard_normal(gain.shape)) * gain
    out = np.fft.irfft2(waves, s=shape)
    return np.asarray(out / out.std(), dtype=np.float32)


def line(rng: np.random.Generator, length: int, slope: float, low: float = 1, high: float = 64) -> Floats:
    """A tiling line of mean 0 and deviation 1; `low` and `high` in waves per length."""
    frequency = np.fft.rfftfreq(length) * length
    frequency[0] = 1
    gain = frequency**-slope * (frequency <= high) * (frequency >= low)
    gain[0] = 0
    out = np.fft.irfft((rng.standard_normal(gain.size) + 1j * rng.standard_normal(gain.size)) * gain, n=length)
    return np.asarray(out / out.std(), dtype=np.float32)


class Swell:
    """Noise that moves and comes back to its start after one loop.

    Each pair of fields turns into one another at a whole number of turns a loop, so any sum of them is periodic.
    """

    def __init__(self, pairs: Iterable[tuple[int, Floats, Floats]]) -> None:
        self.pairs = list(pairs)

    @classmethod
    def of(
        cls,
        rng: np.random.Generator,
        shape: tuple[int, int],
        slope: float,
        *,
        low: float = 1,
        high: float = 64,
        turns: tuple[int, ...] = (1,),
    ) -> Swell:
        """From `field`, one pair for each number of turns."""
        k = np.float32(1 / np.sqrt(len(turns)))
        return cls((n, k * field(rng, shape, slope, low, high), k * field(rng, shape, slope, low, high)) for n in turns)

    def at(self, t: float) -> Floats:
        """The field at loop time t in 0..1."""
        total: Floats | None = None
        for turns, cosine, sine in self.pairs:
            part = cosine * np.float32(np.cos(TAU * turns * t)) + sine * np.float32(np.sin(TAU * turns * t))
            total = part if total is None else total + part
        assert total is not None
        return total


def shifted(profile: Floats, offset: float, length: int) -> Floats:
    """`length` samples of a tiling line from a fractional offset on."""
    base = int(np.floor(offset))
    rest = np.float32(offset - base)
    at = (np.arange(length + 1) + base) % profile.size
    samples = profile[at]
    return np.asarray(samples[:-1] * (1 - rest) + samples[1:] * rest, dtype=np.float32)
