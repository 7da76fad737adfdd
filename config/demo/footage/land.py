"""Landscapes by day and dusk: cut paper, dunes, balloons."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, mix, ramp, rgb, smoothstep
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.noise import line, shifted
from config.demo.footage.scene import Draw, Stage
from config.demo.footage.skies import ridge


def _bird(size: float, colour: str, lift: float) -> Layer:
    def paint(pen: Pen) -> None:
        middle, tip = 0.55 * size, (0.5 - 0.3 * lift) * size
        for side in (-1, 1):
            bend = [(0.5, middle), (0.5 + side * 0.22, middle - 0.2 * lift * size), (0.5 + side * 0.5, tip)]
            pen.line([(x * size, y) for x, y in bend], colour, max(1.5, size * 0.065))

    return Layer.drawn(size, size, paint)


def papercut(stage: Stage, *, sky: Floats, sheets: tuple[str, ...], sun: str, rough: float = 1.0) -> Draw:
    """Mountains cut from sheets of paper, each throwing a soft shadow on the one behind."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    backdrop = Canvas.painting(stage.gradient(sky))
    count = len(sheets)
    lines = []
    for number in range(count):
        depth = number / (count - 1)
        high = 26 - 12 * depth
        shape = line(rng, 3 * w, 1.25 + 0.25 * depth, 2, high)
        level = 0.47 + 0.45 * depth**0.9
        lines.append(
            (np.float32(level * h) + shape * np.float32(rough * (0.085 - 0.035 * depth) * w)).astype(np.float32)
        )
    backdrop.haze(0.5 * w, 0.37 * h, 0.6 * w, sun, 0.7)
    flock = [_bird(30 * unit, sheets[-1], lift) for lift in (1.0, 0.5, -0.2, -0.6, -0.2, 0.5)]
    birds = [(rng.uniform(0.3, 0.75), rng.uniform(0.2, 0.34), int(rng.integers(0, 6))) for _ in range(5)]
    puffs = [(rng.uniform(0, 1), rng.uniform(0.08, 0.36), rng.uniform(0.6, 1.1)) for _ in range(4)]

    def cloud(pen: Pen, colour: str) -> None:
        for cx, cy, r in ((50, 46, 26), (88, 36, 34), (128, 42, 28), (160, 52, 18)):
            pen.oval(cx * unit, cy * unit, r * unit, r * unit * 0.86, colour)
        pen.box(24 * unit, 46 * unit, 178 * unit, 70 * unit, colour, 12 * unit)

    white = Layer.drawn(204 * unit, 76 * unit, lambda pen: cloud(pen, "#ffffff"))
    shade = Layer.drawn(204 * unit, 76 * unit, lambda pen: cloud(pen, "#2a1a3a"))

    def draw(t: float) -> Canvas:
        canvas = backdrop.copy()
        swing = np.sin(TAU * t)
        sx, sy, r = 0.5 * w, (0.37 - 0.025 * np.cos(TAU * t)) * h, 0.2 * w
        canvas.disc(sx + 5 * unit, sy + 9 * unit, r, "#3a1a30", 0.16, 26 * unit)
        canvas.disc(sx, sy, r, sun)
        canvas.disc(sx, sy, r * 0.8, mix(sun, "#ffffff", 0.3), 0.6)
        for x, y, size in puffs:
            px = ((x + t) % 1.0) * (w + 240 * unit) - 220 * unit
            canvas.stamp(shade, px + 4 * unit, y * h + 8 * unit, 0.13, smooth=False)
            canvas.stamp(white, px, y * h, 0.55 + 0.3 * size, smooth=True)
        for x, y, phase in birds:
            bx, by = x + 0.05 * np.sin(TAU * (t + phase / 9)), y + 0.008 * np.sin(TAU * (2 * t + phase / 5))
            canvas.stamp(flock[int(t * 42 + phase) % 6], bx * w, by * h)
        for number, profile in enumerate(lines):
            depth = number / (count - 1)
            here = shifted(profile, w + swing * (6 + 58 * depth) * unit, w)
            canvas.shadow(here, (26 + 20 * depth) * unit, 0.34)
            until = int(lines[number + 1].max()) + 2 if number + 1 < count else None
            tone = sheets[number]
            canvas.hill(here, mix(tone, "#ffffff", 0.08), mix(tone, "#000000", 0.06), until=until)
        return canvas

    return draw


def _camel(size: float, colour: str, phase: float) -> Layer:
    def paint(pen: Pen) -> None:
        s = size
        for x, late in ((0.32, 0.0), (0.38, 0.5), (0.62, 0.25), (0.68, 0.75)):
            swing = 0.07 * np.sin(TAU * (phase + late))
            lift = 0.02 * max(0.0, float(np.cos(TAU * (phase + late))))
            pen.line(
                [(x * s, 0.55 * s), ((x + swing * 0.4) * s, 0.75 * s), ((x + swing) * s, (0.98 - lift) * s)],
                colour,
                0.032 * s,
            )
        pen.oval(0.5 * s, 0.5 * s, 0.24 * s, 0.1 * s, colour)
        pen.oval(0.48 * s, 0.4 * s, 0.1 * s, 0.11 * s, colour)
        pen.line([(0.7 * s, 0.5 * s), (0.8 * s, 0.5 * s), (0.86 * s, 0.36 * s), (0.87 * s, 0.24 * s)], colour, 0.06 * s)
        pen.oval(0.91 * s, 0.225 * s, 0.065 * s, 0.035 * s, colour)
        pen.line([(0.27 * s, 0.48 * s), (0.24 * s, 0.62 * s)], colour, 0.018 * s)
        pen.box(0.41 * s, 0.28 * s, 0.55 * s, 0.42 * s, "#c2413b", 0.03 * s)

    return Layer.drawn(size, size, paint)


def dunes(stage: Stage, *, sky: Floats, light: str, dark: str, haze: str, sun: str) -> Draw:
    """Dunes with a lit and a shaded flank; a caravan walks along a crest."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    backdrop = Canvas.painting(stage.gradient(sky))
    backdrop.haze(0.3 * w, 0.36 * h, 0.7 * w, sun, 0.6)
    backdrop.disc(0.3 * w, 0.36 * h, 0.095 * w, mix(sun, "#ffffff", 0.5), 0.95, 2)
    margin = int(70 * unit) & ~1
    layers = []
    wide = w + 2 * margin
    crest_line: Floats | None = None
    for number in range(5):
        depth = number / 4
        level, tall = 0.5 + 0.37 * depth**1.15, (0.05 + 0.12 * depth) * w
        crest = (level * h + line(rng, 2 * wide, 2.2, 1, 7)[:wide] * tall * 0.8).astype(np.float32)
        if number == 2:
            crest_line = crest
        pale, deep = mix(light, haze, 0.75 * (1 - depth)), mix(dark, haze, 0.8 * (1 - depth))
        top = int(crest.min()) & ~1
        rows = h - top
        y = np.arange(rows, dtype=np.float32)[:, None]
        below = y - (crest - top)[None, :]
        # flanks turned away from the sun (to the right of a crest's top) lie in the shade, with a winding edge
        slope = np.gradient(np.convolve(np.pad(crest, 30, mode="edge"), np.full(61, 1 / 61), mode="valid"))
        wind = 0.02 * np.sin(below * np.float32(0.035 / unit)) * np.exp(-below * np.float32(0.012 / unit))
        away = np.exp(-np.maximum(below, 0) * np.float32(0.008 / unit / (0.4 + depth)))
        lean = (np.arange(wide)[None, :] - np.maximum(below, 0) * (0.55 + 0.5 * depth)).astype(np.int32) % wide
        face = smoothstep(-0.06, 0.1, (slope.take(lean) + wind).astype(np.float32)) * away
        # ripples in the sand of the near dunes
        ripples = np.float32(0)
        if depth > 0.6:
            low = np.maximum(below, 0) / unit
            ripples = np.sin(low ** np.float32(0.78) * np.float32(1.5) + slope[None, :] * 14) * np.clip(low / 160, 0, 1)
        colour = pale[:, None, None] + (deep - pale)[:, None, None] * np.clip(face, 0, 1)
        colour[0] += ripples * 2.4 * depth + 5 * np.exp(-np.maximum(below, 0) * 0.12 / unit)
        alpha = np.clip(below / 1.3 + 0.5, 0, 1).astype(np.float32)
        planes = (colour * alpha).astype(np.float32)
        layers.append((Layer.over(alpha, planes), top, depth))
    assert crest_line is not None
    walk = [_camel(54 * unit, "#3b1c32", k / 12) for k in range(12)]
    gap = 92 * unit

    def draw(t: float) -> Canvas:
        canvas = backdrop.copy()
        for number, (layer, top, depth) in enumerate(layers):
            sway = float(np.sin(TAU * t)) * 52 * depth * unit
            if number == 3:
                pan = float(np.sin(TAU * t)) * 52 * 0.5 * unit
                for k in range(4):
                    x = 0.2 * w + (k + t) * gap
                    at = int(np.clip(x + margin - pan + 27 * unit, 0, wide - 1))
                    canvas.stamp(walk[int(t * 36 + k * 5) % 12], x, float(crest_line[at]) - 51 * unit, smooth=True)
            canvas.stamp(layer, sway - margin, top, smooth=depth > 0)
        return canvas

    return draw


def _balloon(size: float, stripes: tuple[str, ...], gores: int) -> Layer:
    """A hot-air balloon `size` pixels wide, with basket."""
    w, h = int(size) & ~1, int(size * 1.5) & ~1
    over = 2
    y, x = np.mgrid[0 : h * over, 0 : w * over].astype(np.float32)
    u, v = (x / (w * over) - 0.5) * 2.06, y / (w * over) * 1.02
    sphere = np.sqrt(np.clip(0.25 - (v - 0.505) ** 2, 0, None)) * 2
    taper = np.where(v > 0.62, 0.9725 - (v - 0.62) * 1.33 - (v - 0.62) ** 2 * 0.5, sphere)
    half = np.where(v > 1.12, 0, np.maximum(taper, 0.001))
    inside = (np.abs(u) < half) & (v > 0.004) & (v < 1.12)
    across = np.clip(u / np.maximum(half, 1e-3), -1, 1)
    stripe = ((np.arcsin(across) / np.pi + 0.5) * gores * 0.999).astype(int) % len(stripes)
    colours = np.stack([rgb(c) for c in stripes])[stripe]
    band = (np.abs(v - 0.52) < 0.05)[..., None]
    colours = np.where(band, np.float32(0.25) * colours + np.float32(0.75) * rgb(stripes[-1]), colours)
    seam = np.abs(((np.arcsin(across) / np.pi + 0.5) * gores) % 1 - 0.5) * 2
    light = np.clip(
        0.62 + 0.42 * np.sqrt(1 - across**2) - 0.34 * across - 0.25 * (v - 0.45) - 0.12 * seam**6, 0.25, 1.15
    )
    shine = np.exp(-((across + 0.42) ** 2) / 0.05 - (v - 0.36) ** 2 / 0.03) * 0.28
    picture = np.zeros((h * over, w * over, 4), np.float32)
    picture[..., :3] = np.clip(colours * light[..., None] + shine[..., None], 0, 1)
    picture[..., 3] = inside
    image = Image.fromarray((picture * 255).astype(np.uint8))
    layer = Image.new("RGBA", (w, h))
    layer.alpha_composite(image.convert("RGBa").reduce(over).convert("RGBA"))
    basket = Image.new("RGBA", (w * 3, h * 3))
    pen = Pen(ImageDraw.Draw(basket), 3)
    for dx in (-0.12, -0.06, 0.06, 0.12):
        pen.line([((0.5 + dx * 0.95) * w, 1.09 * w), ((0.5 + dx * 0.62) * w, 1.3 * w)], "#4a3326", 0.008 * w + 0.3)
    pen.box(0.42 * w, 1.29 * w, 0.58 * w, 1.42 * w, "#8a5a34", 0.025 * w)
    pen.box(0.415 * w, 1.28 * w, 0.585 * w, 1.31 * w, "#5d3b22", 0.01 * w)
    layer.alpha_composite(basket.convert("RGBa").reduce(3).convert("RGBA"))
    return Layer.of(layer)


def balloons(stage: Stage, *, sky: Floats, hills: tuple[str, ...], sun: str) -> Draw:
    """Hot-air balloons over a misty valley."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    still = Canvas.painting(stage.gradient(sky))
    still.haze(0.68 * w, 0.56 * h, 0.8 * w, sun, 0.9)
    still.disc(0.68 * w, 0.56 * h, 0.085 * w, mix(sun, "#ffffff", 0.65), 0.95, 3)
    profiles = [ridge(stage, 0.61 + 0.11 * k, 0.05 - 0.006 * k, detail=1.6, high=14 - 2 * k) for k in range(len(hills))]
    for number, (profile, tone) in enumerate(zip(profiles, hills, strict=True)):
        until = int(profiles[number + 1].max()) if number + 1 < len(hills) else None
        still.hill(profile, tone, mix(tone, "#fff1e0", 0.62), until=until)
    sets = (
        ("#e63946", "#f1faee", "#ffb703"),
        ("#3a86ff", "#ffbe0b", "#fb5607"),
        ("#8338ec", "#ff9ecd", "#fff3b0"),
        ("#2a9d8f", "#e9c46a", "#264653"),
        ("#ff6b6b", "#ffe66d", "#4ecdc4"),
        ("#f72585", "#ffffff", "#7209b7"),
    )
    places = (
        (0.3, 0.27, 210),
        (0.77, 0.2, 118),
        (0.71, 0.47, 150),
        (0.14, 0.52, 84),
        (0.47, 0.1, 66),
        (0.42, 0.58, 52),
    )
    fleet = []
    for number, (x, y, size) in enumerate(places):
        layer = _balloon(size * unit, sets[number], 12 if size > 100 else 9)
        fleet.append((layer, x * w - size * unit / 2, y * h - size * unit * 0.6, size / 210, rng.uniform(0, 1)))
    fleet.sort(key=lambda item: item[3])

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for layer, x, y, near, phase in fleet:
            angle = TAU * (t + phase)
            dx, dy = 26 * near * np.cos(angle) * unit, (30 * near * np.sin(angle) + 6 * np.sin(2 * angle)) * unit
            canvas.stamp(layer, x + dx, y + dy, smooth=True)
        return canvas

    return draw


SUNRISES = {
    "dawn": ramp((0, "#ffb199"), (0.3, "#ffd1a9"), (0.6, "#ffe8c9"), (1, "#fff4e0")),
    "dusk": ramp((0, "#2b1a4f"), (0.3, "#5b2a7a"), (0.5, "#c7517a"), (0.7, "#ff9a76"), (1, "#ffcf99")),
    "mint": ramp((0, "#a8e6cf"), (0.5, "#dcf7e3"), (1, "#fdfde8")),
    "desert": ramp((0, "#3d2c6b"), (0.25, "#8e4585"), (0.42, "#e8766c"), (0.55, "#ffc27a"), (1, "#ffe0a8")),
    "valley": ramp((0, "#4f86c6"), (0.3, "#9fb8e0"), (0.48, "#ffd9b8"), (0.62, "#ffc38a"), (1, "#ffdcb0")),
}
