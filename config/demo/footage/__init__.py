"""The demo footage studio: short vertical loops with sound, drawn and played by code.

`SCENES` names every clip; `render` writes one as the kind of MP4 that a phone uploads.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.catalogue import SCENES
from config.demo.footage.encode import RATE, write_clip
from config.demo.footage.scene import Draw, Scene, Stage

__all__ = ["SCENES", "Scene", "drawing", "render"]


def _set_up(name: str, seed: int, size: tuple[int, int] | None, seconds: float) -> tuple[Scene, Stage, Draw]:
    scene = SCENES[name]
    width, height = size or scene.size
    if width % 16 or height % 16:
        raise ValueError(f"the sides of a clip must be multiples of 16, not {width}x{height}")
    # crc32 and not hash(): the same clip on every machine and in every run
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    stage = Stage(width, height, rng, seconds / scene.repeats)
    return scene, stage, scene.build(stage)


def drawing(scene: str, *, seed: int = 0, size: tuple[int, int] | None = None) -> Draw:
    """The function that draws a scene at a loop time t in 0..1 (for contact sheets and tests)."""
    return _set_up(scene, seed, size, 6.0)[2]


def render(
    scene: str,
    target: Path,
    *,
    seed: int = 0,
    size: tuple[int, int] | None = None,
    fps: int = 24,
    seconds: float = 6.0,
) -> None:
    """Write a scene as an H.264/AAC MP4: width x height pixels (the scene's own size if not given), 48 kHz stereo.

    The same arguments give the same pictures and samples. Raises KeyError for an unknown scene, ValueError for
    sides that are not multiples of 16.
    """
    plan, stage, draw = _set_up(scene, seed, size, seconds)
    count = max(round(seconds * fps / plan.repeats), 2)
    length = count * plan.repeats / fps

    def frames() -> Iterator[Canvas]:
        for number in range(count):
            yield draw(number / count)

    sound_rng = np.random.default_rng([seed, zlib.crc32(scene.encode()), 1])
    loops = plan.repeats if length / plan.repeats >= 5 else 1  # music needs a longer breath than a short picture loop
    tape = plan.score.perform(length / loops, sound_rng)
    samples = tape.master(round(length * RATE), RATE, loops)
    write_clip(target, frames(), samples, size=(stage.w, stage.h), fps=fps, repeats=plan.repeats, seed=seed)
