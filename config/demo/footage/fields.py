"""Abstract pictures made of smooth fields: gradients, flowing ink, lava, glass, interference."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, doubled, mix, ramp, shade, smoothstep, yuv
from config.demo.footage.noise import Swell, field
from config.demo.footage.scene import Draw, Stage


def _slope(plane: Floats, gain: float) -> Floats:
    """Light from the upper left on a height field."""
    out = np.zeros_like(plane)
    out[1:, 1:] = (plane[1:, 1:] - plane[:-1, :-1]) * np.float32(gain)
    return out


def breathing(stage: Stage, *, colours: tuple[str, ...], orb: tuple[str, str]) -> Draw:
    """Slow colour clouds behind a translucent disc that breathes in and out."""
    x, y = stage.grid(8)
    tones = [yuv(colour)[:, None, None] for colour in colours]
    turns = stage.rng.uniform(0, 1, len(colours))
    x2, y2 = stage.grid(2)
    far = np.sqrt(x2**2 + (y2 + 0.02) ** 2)
    light = np.clip(0.5 - (y2 - x2 * 0.4) * 1.3, 0, 1)
    glass = yuv(orb[0])[:, None, None] + (yuv(orb[1]) - yuv(orb[0]))[:, None, None] * light

    def draw(t: float) -> Canvas:
        total, weight = np.float32(0), np.float32(0)
        for number, tone in enumerate(tones):
            angle = TAU * (t * (1 if number % 2 else -1) + turns[number])
            cx, cy = 0.34 * np.cos(angle), (number / (len(tones) - 1) - 0.5) * 1.5 + 0.22 * np.sin(angle)
            share = np.exp(-((x - np.float32(cx)) ** 2 + (y - np.float32(cy)) ** 2) * np.float32(7))
            total, weight = total + tone * share, weight + share
        small = np.asarray(total / weight, dtype=np.float32)
        planes = np.stack([doubled(doubled(plane)) for plane in small])
        breath = 0.5 - 0.5 * np.cos(TAU * t)
        radius = 0.17 + 0.085 * breath
        for ring, opacity in ((radius + 0.1 + 0.035 * breath, 0.13), (radius + 0.048 + 0.015 * breath, 0.2)):
            planes += np.clip((ring - far) * 280, 0, 1) * np.float32(opacity) * (glass - planes)
        inside = np.clip((radius - far) * 280, 0, 1) * np.float32(0.9)
        planes += inside * (glass - planes)
        return Canvas.soft(planes)

    return draw


def ink(
    stage: Stage, *, palette: Floats, warp: float = 0.16, zoom: float = 1.0, relief: float = 26.0, smooth: float = 1.7
) -> Draw:
    """Ink or marble: one noise bent by others that turn slowly."""
    side = 1024
    texture = field(stage.rng, (side, side), smooth, 1, 18) * np.float32(0.21) + np.float32(0.5)
    x, y = stage.grid(2)
    h, w = stage.size(2)
    scale = side * 0.62 * zoom
    bend_x = Swell.of(stage.rng, (h, w), 2.0, low=1, high=6, turns=(1, 2))
    bend_y = Swell.of(stage.rng, (h, w), 2.0, low=1, high=6, turns=(1, 2))

    def draw(t: float) -> Canvas:
        force = np.float32(warp * scale)
        turn = TAU * t
        column = (x * scale + np.float32(scale * (4 + 0.1 * np.cos(turn))) + bend_x.at(t) * force).astype(np.int32)
        row = (y * scale + np.float32(scale * (4 + 0.1 * np.sin(turn))) + bend_y.at(t) * force).astype(np.int32)
        value = texture.take(((row & (side - 1)) << 10) + (column & (side - 1)))
        planes = shade(palette, value)
        planes[0] += _slope(value, relief * 22)
        return Canvas.soft(planes)

    return draw


def lava(stage: Stage, *, wax: Floats, liquid: Floats, room: tuple[str, str]) -> Draw:
    """A lava lamp on a shelf."""
    x, y = stage.grid(4)
    x2, y2 = stage.grid(2)
    rng = stage.rng
    count = 11
    radius = rng.uniform(0.036, 0.075, count).astype(np.float32)
    home = rng.uniform(-0.1, 0.1, count)
    phase = np.linspace(0, 1, count, endpoint=False) + rng.uniform(0, 0.06, count)
    turns = np.where(np.arange(count) % 3 == 2, 2, 1)
    top, bottom = -0.6, 0.42
    # the glass: narrow at the top, widest at a third of its height
    height = np.clip((y2 - top) / (bottom - top), 0, 1)
    half = 0.095 + 0.135 * np.sin(np.clip(height * 1.12 + 0.02, 0, 1) * np.pi * 0.86) ** 1.2
    inside = (
        np.clip((half - np.abs(x2)) * 260, 0, 1) * np.clip((y2 - top) * 260, 0, 1) * np.clip((bottom - y2) * 260, 0, 1)
    )
    lamp = shade(liquid, np.broadcast_to(height, inside.shape).astype(np.float32))
    rounding = np.clip(np.abs(x2) / half, 0, 1) ** 3
    # cap and foot: metal with a soft highlight
    metal_light = 0.25 + 0.75 * np.exp(-(((x2 + 0.05) / 0.045) ** 2)) + 0.25 * np.exp(-(((x2 - 0.09) / 0.03) ** 2))
    cap_half = 0.075 + (y2 - (top - 0.15)) * 0.15
    cap = (
        np.clip((cap_half - np.abs(x2)) * 260, 0, 1)
        * np.clip((y2 - top + 0.15) * 260, 0, 1)
        * np.clip((top + 0.004 - y2) * 260, 0, 1)
    )
    foot_half = 0.15 - 0.24 * (y2 - bottom) + np.clip(y2 - bottom - 0.15, 0, 1) * 0.75
    foot = (
        np.clip((foot_half - np.abs(x2)) * 260, 0, 1)
        * np.clip((y2 - bottom + 0.004) * 260, 0, 1)
        * np.clip((bottom + 0.27 - y2) * 260, 0, 1)
    )
    metal = np.clip(cap + foot, 0, 1).astype(np.float32)
    steel = yuv("#2b2433")[:, None, None] + (yuv("#cdb8c6") - yuv("#2b2433"))[:, None, None] * np.clip(
        metal_light, 0, 1
    )
    glow = np.exp(-((x2 / 0.36) ** 2) - ((y2 + 0.08) / 0.62) ** 2).astype(np.float32)
    wall = yuv(room[0])[:, None, None] + (yuv(room[1]) - yuv(room[0]))[:, None, None] * glow
    shelf = smoothstep(0.684, 0.69, y2 + 0 * x2)
    table = mix(room[0], "#000000", 0.45)[:, None, None] + (yuv(room[1]) - yuv(room[0]))[:, None, None] * (
        0.75 * np.exp(-((x2 / 0.25) ** 2) - ((y2 - 0.7) / 0.12) ** 2)
    )
    still = (wall + shelf * (table - wall)).astype(np.float32)
    still += metal * (steel - still)
    shine = (np.exp(-(((x2 / half + 0.62) / 0.07) ** 2)) * 34 * np.clip(np.sin(height * np.pi), 0, 1)).astype(
        np.float32
    )

    def draw(t: float) -> Canvas:
        total = 0.03 / np.maximum(np.abs(y - np.float32(bottom + 0.015)), 0.02) + 0.012 / np.maximum(
            np.abs(y - np.float32(top)), 0.02
        )
        total = total + 0 * x
        for k in range(count):
            angle = TAU * (t * turns[k] + phase[k])
            cy = (top + bottom) / 2 + 0.47 * (bottom - top) * np.sin(angle) * (0.96 if turns[k] == 1 else 0.45)
            cx = home[k] + 0.03 * np.sin(angle * 1 + k)
            stretch = 1 + 0.35 * np.cos(angle) ** 2
            total += radius[k] ** 2 / (
                (x - np.float32(cx)) ** 2 + ((y - np.float32(cy)) / np.float32(stretch)) ** 2 + np.float32(1e-4)
            )
        blob = doubled(total.astype(np.float32))
        edge = smoothstep(0.93, 1.09, blob)
        inner = smoothstep(0.9, 3.2, blob)
        body = shade(wax, height * np.float32(0.75) + inner * np.float32(0.3))
        body[0] += _slope(np.minimum(blob, 2.5), 60)
        planes = lamp + edge * (body - lamp)
        planes[0] -= rounding * (planes[0] - 16) * np.float32(0.55)
        planes[0] += shine
        return Canvas.soft(still + inside * (planes - still))

    return draw


def kaleidoscope(stage: Stage, *, palette: Floats, sectors: int = 8) -> Draw:
    """Petals of coloured glass mirrored around the middle."""
    side = 512
    rng = stage.rng
    rough = field(rng, (side, side), 1.4, 2, 14)
    bands = np.float32(0.5) + np.float32(0.5) * np.sin(rough * np.float32(2.4))
    texture = shade(palette, np.asarray(bands, dtype=np.float32))
    texture[0] += np.clip(1 - np.abs(np.sin(rough * np.float32(4.8))) * 6, 0, 1) * 38 + _slope(rough, 40)
    flat = texture.reshape(3, -1)
    x, y = stage.grid(2)
    reach = np.hypot(x, y)
    sector = np.pi / sectors
    angle = np.abs((np.arctan2(y, x) + TAU) % (2 * sector) - sector)
    depth = np.clip(1.12 - reach * 0.62, 0.25, 1).astype(np.float32)
    seam = 1 - 0.22 * np.exp(-((angle * reach / 0.004) ** 2)).astype(np.float32)
    mask = (depth * seam).astype(np.float32)

    def draw(t: float) -> Canvas:
        turn = TAU * t
        spin = angle + np.float32(0.55 * np.sin(turn))
        zoom = reach * np.float32(side * (0.62 + 0.09 * np.cos(turn)))
        column = (zoom * np.cos(spin) + np.float32(side * (2 + 0.17 * np.sin(turn)))).astype(np.int32) & (side - 1)
        row = (zoom * np.sin(spin) + np.float32(side * (2 + 0.17 * np.cos(turn)))).astype(np.int32) & (side - 1)
        at = row * side + column
        planes = np.stack([plane.take(at) for plane in flat])
        planes[0] = (planes[0] - 16) * mask + 16
        planes[1:] = (planes[1:] - 128) * mask + 128
        return Canvas.soft(planes)

    return draw


def stained_glass(stage: Stage, *, colours: tuple[str, ...], lead: str = "#120d16") -> Draw:
    """Panes whose corners drift, lit from behind."""
    x, y = stage.grid(4)
    rng = stage.rng
    cells = 4.6
    cx, cy = (x + 5) * np.float32(cells), (y + 5) * np.float32(cells)
    ix, iy = np.floor(cx).astype(np.int32), np.floor(cy).astype(np.int32)
    side = 64
    orbit, spin = rng.uniform(0.12, 0.3, (side, side)), rng.choice([-1, 1], (side, side))
    start = rng.uniform(0, 1, (side, side))
    tones = np.stack([yuv(colour) for colour in colours], axis=1)
    tone_of = rng.integers(0, len(colours), side * side)
    value_of = rng.uniform(-22, 16, side * side).astype(np.float32)
    neighbours = [
        ((iy + dy) * side + ix + dx, cx - (ix + dx) - 0.5, cy - (iy + dy) - 0.5)
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
    ]
    x2, y2 = stage.grid(2)
    sky = field(rng, stage.size(2), 2.2, 1, 8) * np.float32(9)
    texture = field(rng, stage.size(2), 0.6, 20, 120) * np.float32(2.6)
    dark = yuv(lead)[:, None, None]

    def draw(t: float) -> Canvas:
        angle = TAU * (t * spin + start)
        px = (orbit * np.cos(angle)).astype(np.float32).ravel()
        py = (orbit * np.sin(angle)).astype(np.float32).ravel()
        first = np.full(cx.shape[:1] + cx.shape[1:], 9, np.float32)
        first = np.broadcast_to(first, (cy.shape[0], cx.shape[1])).copy()
        second, owner = first.copy(), np.zeros(first.shape, np.int32)
        for cell, dx, dy in neighbours:
            distance = (dx - px.take(cell)) ** 2 + (dy - py.take(cell)) ** 2
            nearer = distance < first
            second = np.where(nearer, first, np.minimum(second, distance))
            first = np.where(nearer, distance, first)
            owner = np.where(nearer, cell, owner)
        gap = doubled(np.asarray(np.sqrt(second) - np.sqrt(first), dtype=np.float32))
        pane = np.repeat(np.repeat(owner, 2, 0), 2, 1)
        planes = np.stack([tone.take(tone_of.take(pane)) for tone in tones])
        sun_x, sun_y = 0.2 * np.sin(TAU * t), -0.3 + 0.12 * np.cos(TAU * t)
        sun = np.exp(-((x2 - np.float32(sun_x)) ** 2 + (y2 - np.float32(sun_y)) ** 2) * np.float32(5))
        planes[0] += value_of.take(pane) + sky + texture + sun * 52 - 12
        bevel = smoothstep(0.05, 0.26, gap)
        planes[0] -= (1 - bevel) * 30
        solid = smoothstep(0.045, 0.085, gap)
        return Canvas.soft(dark + solid * (planes - dark))

    return draw


def interference(stage: Stage, *, palette: Floats, sources: int = 3, waves: float = 46, shine: float = 70) -> Draw:
    """Rings from a few points that cross and cancel, lit like satin."""
    x, y = stage.grid(2)
    rng = stage.rng
    cosine, sine = np.float32(0), np.float32(0)
    turn = rng.uniform(0, TAU)
    for number in range(sources):
        angle = turn + TAU * number / sources
        far = np.hypot(x - np.float32(0.3 * np.cos(angle)), y - np.float32(0.5 * np.sin(angle)))
        fade = 1 / np.sqrt(1 + 9 * far)
        cosine, sine = cosine + fade * np.cos(far * waves), sine + fade * np.sin(far * waves)
    pattern = Swell([(2, np.asarray(cosine, np.float32), np.asarray(sine, np.float32))])
    mask = stage.vignette(0.4, 2)[0]

    def draw(t: float) -> Canvas:
        height = pattern.at(t)
        planes = shade(palette, height * np.float32(0.3) + np.float32(0.5))
        light = _slope(height, 1.0)
        planes[0] += light * np.float32(shine) + np.clip(light - 0.28, 0, 1) * 160
        planes[0] = (planes[0] - 16) * mask + 16
        return Canvas.soft(planes)

    return draw


def tunnel(stage: Stage, *, palette: Floats, arms: int = 5, fog: str = "#120a24") -> Draw:
    """A striped tunnel that turns like a sweet."""
    x, y = stage.grid(2)
    reach = np.hypot(x, y + np.float32(0.03)) + np.float32(1e-4)
    angle = np.arctan2(y + np.float32(0.03), x) / TAU
    depth = -np.log(reach) * np.float32(0.9)
    base = (arms * angle + depth * 1.6 + 64).astype(np.float32)
    rings = (depth * 3.2).astype(np.float32)
    near = smoothstep(0.015, 0.42, reach)
    cloud = yuv(fog)[:, None, None]
    bright = (0.55 + 0.45 * np.cos(np.float32(TAU) * angle * 2 + np.float32(0.6))).astype(np.float32)

    def draw(t: float) -> Canvas:
        wobble = np.float32(0.18 * np.sin(TAU * t)) * np.sin(rings)
        value = (base + wobble - np.float32(t * 2)) % 1
        planes = shade(palette, np.asarray(value, np.float32))
        ridge = np.cos(np.float32(TAU) * (rings - np.float32(3 * t)))
        planes[0] += ridge * 9 + bright * 14 - 10
        return Canvas.soft(cloud + near * (planes - cloud))

    return draw


PALETTES = {
    "indigo": ramp(
        (0, "#050a24"),
        (0.28, "#123072"),
        (0.48, "#2b7ec2"),
        (0.6, "#9fd8ee"),
        (0.68, "#fdf6ea"),
        (0.74, "#f7b267"),
        (1, "#b3312d"),
    ),
    "gold": ramp(
        (0, "#04120f"),
        (0.3, "#0b3b36"),
        (0.47, "#11645b"),
        (0.5, "#e9c46a"),
        (0.53, "#0f574f"),
        (0.66, "#148072"),
        (0.69, "#f4d58d"),
        (0.72, "#1c8f80"),
        (1, "#d9f2e6"),
    ),
    "opal": ramp(
        (0, "#6a5acd"), (0.25, "#8ec5ff"), (0.45, "#b8f2e6"), (0.6, "#fff1e6"), (0.75, "#ffc8dd"), (1, "#e2a0ff")
    ),
    "satin": ramp("#1b0b3b", "#4b1d7a", "#a63a86", "#f2785c", "#ffd08a"),
    "lagoon": ramp("#03203a", "#05506b", "#0f9c9c", "#7fe3c4", "#f6ffe9"),
    "glass": ramp(
        (0, "#2d0f5e"),
        (0.2, "#d81e5b"),
        (0.4, "#ff9f1c"),
        (0.55, "#fff3b0"),
        (0.7, "#2ec4b6"),
        (0.85, "#1b6ca8"),
        (1, "#2d0f5e"),
    ),
    "frost": ramp(
        (0, "#0b132b"), (0.25, "#1c5d99"), (0.5, "#8fd6ff"), (0.65, "#ffffff"), (0.8, "#b79ced"), (1, "#3c2a6e")
    ),
    "candy": ramp(
        (0, "#ff5d8f"),
        (0.22, "#ff5d8f"),
        (0.27, "#fff0f3"),
        (0.47, "#fff0f3"),
        (0.52, "#7b2ff7"),
        (0.72, "#7b2ff7"),
        (0.77, "#ffd166"),
        (0.95, "#ffd166"),
        (1, "#ff5d8f"),
    ),
}
