"""Lights over the water at night: lanterns, fireworks, a lighthouse."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, doubled, halved, light_of, mix, points, ramp, shade, to_hex
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.noise import Swell, line
from config.demo.footage.scene import Draw, Stage
from config.demo.footage.skies import pines, ridge, stars


def lanterns(stage: Stage, *, night: Floats) -> Draw:
    """Paper lanterns rise over a lake. Each lane holds a chain of them and moves on by one place in a loop."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    shore = int(h * 0.74) & ~1
    still = Canvas.painting(stage.gradient(night))
    still.y += stars(stage, 200, below=0.55)
    still.haze(0.5 * w, shore, 0.75 * w, "#c9683f", 0.5)
    still.hill(ridge(stage, 0.72, 0.03, high=10), "#1c1638", "#1c1638", until=shore)
    still.hill(
        pines(stage, ridge(stage, 0.738, 0.004, high=10), height=(0.03, 0.09), gap=0.05),
        "#0c0a1e",
        "#0c0a1e",
        until=shore,
    )
    still.y[shore:] = (still.y[2 * shore - h : shore][::-1] - 16) * 0.6 + 14
    half = shore // 2
    still.u[half:] = still.u[2 * half - h // 2 : half][::-1]
    still.v[half:] = still.v[2 * half - h // 2 : half][::-1]

    def lantern(size: float) -> Layer:
        wide, tall = int(size) | 1, int(size * 1.25)
        y, x = np.mgrid[0 : (tall + 1) & ~1, 0 : (wide + 1) & ~1].astype(np.float32)
        u, v = (x - wide / 2) / wide * 2, y / tall
        side = 0.72 + 0.22 * np.sin(np.clip(v, 0, 1) * np.pi * 0.75)
        alpha = (
            np.clip((side - np.abs(u)) * size * 0.5 + 0.5, 0, 1)
            * np.clip(v * tall - 1, 0, 1)
            * np.clip((1 - v) * tall - 1, 0, 1)
        )
        fire = np.clip(np.exp(-((u / 0.75) ** 2)) * (0.35 + 0.75 * v), 0, 1)
        planes = shade(ramp("#a8330f", "#f07a1c", "#ffb84a", "#fff0b8"), fire.astype(np.float32)) * alpha
        alpha = alpha.astype(np.float32)
        return Layer.over(alpha, planes.astype(np.float32))

    lanes = []
    for number in range(15):
        near = (number / 14) ** 1.6
        size = (9 + 40 * near) * unit
        lanes.append(
            (
                near,
                size,
                lantern(size),
                rng.uniform(0.02, 0.98),
                rng.uniform(0, 1),
                (0.16 + 0.2 * near) * h,
                rng.uniform(0, 1),
            )
        )

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        lamps = []
        for near, size, layer, x, offset, gap, phase in lanes:
            for k in range(int((shore + 0.1 * h) / gap) + 1):
                y = shore - (20 + 30 * near) * unit - (k + (t + offset) % 1) * gap
                sway = np.sin(TAU * (t + phase) + k * 2.1) * (4 + 12 * near) + 34 * np.sin(k * 2.4 + x * 40)
                cx = float(x * w + sway * unit)
                fade = float(np.clip((shore - 20 * unit - y) / (60 * unit), 0, 1))
                flicker = 0.9 + 0.1 * np.sin(TAU * (3 * t + phase) + k)
                lamps.append((cx, y, size * 2, 0.36 * fade * flicker))
                lamps.append((cx, 2 * shore - y - 10 * unit, size * 1.7, 0.3 * fade))
                if -size < y:
                    canvas.stamp(layer, cx - size / 2, y - size * 0.6, fade, smooth=size > 20)
        canvas.lights(lamps, "#ff8a2a", part=4)
        return canvas

    return draw


def fireworks(stage: Stage, *, night: Floats, colours: tuple[str, ...]) -> Draw:
    """Fireworks over the roofs of a town and its river."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    river = int(h * 0.8) & ~3
    still = Canvas.painting(stage.gradient(night))
    still.y += stars(stage, 130, below=0.6)
    x = 0
    towers = []
    while x < w:
        wide = int(rng.uniform(0.045, 0.11) * w)
        towers.append((x, wide, int(rng.uniform(0.04, 0.17) * h)))
        x += wide
    roofs = np.concatenate([np.full(wide, river - tall, np.float32) for _, wide, tall in towers])[:w]
    town = Canvas.blank(h, w, "#0b0a1c")
    for left, wide, tall in towers:
        for wy in range(river - tall + int(8 * unit), river - 8, int(11 * unit)):
            for wx in range(left + 6, left + wide - 6, int(9 * unit)):
                if wx + 4 < w and rng.random() < 0.4:
                    town.y[wy : wy + 5, wx : wx + 3] = 150
                    town.u[wy // 2 : wy // 2 + 2, wx // 2 : wx // 2 + 2] = 100
                    town.v[wy // 2 : wy // 2 + 2, wx // 2 : wx // 2 + 2] = 150
    skyline = np.arange(river, dtype=np.float32)[:, None] >= roofs[None, :]
    still.y[:river] = np.where(skyline, town.y[:river], still.y[:river])
    small = skyline[::2, ::2]
    still.u[: river // 2] = np.where(small, town.u[: river // 2], still.u[: river // 2])
    still.v[: river // 2] = np.where(small, town.v[: river // 2], still.v[: river // 2])
    bursts = []
    for number in range(9):
        count = 130
        angle = rng.uniform(0, TAU, count)
        height = rng.uniform(-1, 1, count)
        shell = np.sqrt(1 - height**2) if number % 3 else np.ones(count)
        speed = rng.uniform(0.9, 1.05, count) * rng.uniform(0.2, 0.33) * (1 if number % 3 else 0.9)
        start = (number + rng.uniform(-0.2, 0.2)) / 9
        centre = rng.uniform(0.2, 0.8), rng.uniform(0.14, 0.46)
        colour = colours[number % len(colours)]
        bursts.append(
            (
                start,
                centre,
                np.cos(angle) * shell * speed,
                np.sin(angle) * shell * speed,
                colour,
                rng.uniform(0, TAU, count),
            )
        )
    life = 0.36
    trail = np.arange(7) * 0.013
    rows = np.clip(2 * river - np.arange(river, h), 0, river - 1)
    wobble = (3 * np.sin(np.arange(h - river) * 0.9)).astype(int)
    rows = np.clip(rows + wobble, 0, river - 1)

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        hh, hw = h // 2, w // 2
        parts = []
        for start, (cx, cy), vx, vy, colour, phase in bursts:
            age = (t - start) % 1.0
            past = age - 0.08
            if 0 <= past < life:
                now = np.maximum(past - trail, 0)[:, None]
                pull = 1 - np.exp(-now * 11)
                px = (cx * w + vx * pull * w) / 2
                py = (cy * h + vy * pull * w + 620 * unit * now**2) / 2
                twinkle = 0.8 + 0.45 * np.sin(phase + past * 160)
                amount = (
                    2.6 * (1 - past / life) ** 0.8 * np.exp(-trail * 20)[:, None] * twinkle * (past > trail)[:, None]
                )
                parts.append((px, py, amount, np.broadcast_to(light_of(colour)[:, None, None], (3, *px.shape))))
                canvas.lights([(cx * w, cy * h, 0.66 * w, 0.34 * (1 - past / life) ** 2)], colour, part=8)
                flash = float(np.exp(-past * 40))
                if flash > 0.03:
                    canvas.glow(cx * w, cy * h, 150 * unit, mix(colour, "#ffffff", 0.5), 0.6 * flash)
            elif past < 0:
                rise = age / 0.08
                for k in range(7):
                    back = max(rise - 0.04 * k, 0)
                    y = h * 0.72 + (cy * h - h * 0.72) * (1 - (1 - back) ** 2)
                    canvas.disc(cx * w + 4 * np.sin(back * 9), y, (2.2 - 0.22 * k) * unit, "#ffdca0", 0.9 - 0.12 * k)
        x, y, amount = (np.concatenate([part[k].ravel() for part in parts]) for k in range(3))
        tint = np.concatenate([part[3].reshape(3, -1) for part in parts], axis=1)
        light = [points(x, y, amount * tint[k], (hh, hw)) for k in range(3)]
        halo = halved(light[0])
        halo[1:-1, 1:-1] = (
            halo[1:-1, 1:-1] * 2 + halo[:-2, 1:-1] + halo[2:, 1:-1] + halo[1:-1, :-2] + halo[1:-1, 2:]
        ) / 6
        canvas.y += doubled(np.minimum(light[0], 140) + doubled(halo))
        for plane, extra in ((canvas.u, light[1]), (canvas.v, light[2])):
            plane += np.clip(extra * np.float32(1.5), -64, 64)
        canvas.y[:river] = np.where(skyline, np.minimum(canvas.y[:river], still.y[:river] + 14), canvas.y[:river])
        canvas.y[river:] = (canvas.y[rows] - 16) * np.float32(0.42) + 18
        canvas.u[river // 2 :] = (canvas.u[rows[::2] // 2] - 128) * np.float32(0.6) + 129
        canvas.v[river // 2 :] = (canvas.v[rows[::2] // 2] - 128) * np.float32(0.6) + 128
        return canvas

    return draw


def lighthouse(stage: Stage, *, night: Floats) -> Draw:
    """A lighthouse sweeps its two beams over a dark sea."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    sea = int(0.72 * h) & ~1
    still = Canvas.painting(stage.gradient(night))
    still.y[:sea] += stars(stage, 300, below=0.7)[:sea]
    lx, ly = 0.64 * w, 0.36 * h

    def tower(pen: Pen) -> None:
        s = unit

        def ring(y0: float, y1: float, x0: float, x1: float, colour: str) -> None:
            """A band of the tower between two heights and two shares (-1..1) of its width."""
            wide0, wide1 = 22 + 18 * (y0 - 92) / 308, 22 + 18 * (y1 - 92) / 308
            corners = ((x0 * wide0, y0), (x1 * wide0, y0), (x1 * wide1, y1), (x0 * wide1, y1))
            pen.polygon([((100 + x) * s, y * s) for x, y in corners], colour)

        for k, y in enumerate((92, 136, 180, 224, 268, 312, 356)):
            for x0, x1, tone in ((-1, 1, 0.0), (-0.3, 1, 0.16), (0.25, 1, 0.34), (0.7, 1, 0.5)):
                ring(y, y + 44, x0, x1, to_hex(mix("#c23a50" if k % 2 else "#e9e4ee", "#141030", tone)))
        for y, lit in ((112, True), (200, False), (288, True)):
            pen.box(92 * s, y * s, 100 * s, (y + 17) * s, "#ffd27a" if lit else "#4a4660", 3 * s)
        pen.box(66 * s, 84 * s, 134 * s, 94 * s, "#2b2740", 3 * s)
        pen.box(80 * s, 46 * s, 120 * s, 86 * s, "#fff1c4")
        for x in (80, 93, 106, 119):
            pen.line([(x * s, 46 * s), (x * s, 86 * s)], "#2b2740", 2.5 * s)
        pen.polygon([(72 * s, 48 * s), (128 * s, 48 * s), (100 * s, 16 * s)], "#8f2439")
        pen.oval(100 * s, 14 * s, 5 * s, 5 * s, "#2b2740")

    layer = Layer.drawn(200 * unit, 402 * unit, tower)
    x = np.arange(w, dtype=np.float32)
    mound = np.exp(-(np.abs((x - lx) / (0.33 * w)) ** 3))
    cliff = (0.722 * h + 0.2 * h * (1 - mound) + line(rng, w, 1.0, 3, 70) * (2 + 7 * (1 - mound)) * unit).astype(
        np.float32
    )
    rocks = (0.945 * h + line(rng, w, 1.0, 2, 50) * 16 * unit + 0.11 * h * np.clip(0.62 - x / w, 0, 1)).astype(
        np.float32
    )
    still.haze(0.5 * w, sea, 0.8 * w, "#c77a8a", 0.45)
    still.y[sea:] = np.minimum(still.y[sea:], 52)
    still.glow(0.22 * w, 0.16 * h, 0.22 * w, "#9fb4ff", 0.4)
    still.disc(0.22 * w, 0.16 * h, 0.052 * w, "#f3f0ff")
    still.disc(0.245 * w, 0.152 * h, 0.045 * w, mix(night[:, 160], "#9fb4ff", 0.14))
    x2, y2 = stage.grid(4)
    bx, by = x2 - np.float32(lx / w - 0.5), y2 - np.float32((ly - h / 2) / w)
    reach = np.hypot(bx, by)
    rows = h - sea
    v = np.arange(rows // 2, dtype=np.float32)[:, None] / (rows // 2)
    u = np.linspace(-0.5, 0.5, w // 2, dtype=np.float32)[None, :]
    depth = 1 / (v + 0.1)
    pairs = []
    for turns in (2, 3, 4):
        angle = np.float32(0)
        cosine, sine = np.float32(0), np.float32(0)
        for _ in range(4):
            angle = depth * rng.uniform(10, 60) + u * depth * rng.uniform(-20, 20) + rng.uniform(0, TAU)
            cosine, sine = cosine + np.cos(angle), sine + np.sin(angle)
        pairs.append((turns, np.asarray(cosine, np.float32), np.asarray(sine, np.float32)))
    waves = Swell(pairs)
    tone = light_of("#ffe9b0")

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        total = np.zeros_like(reach)
        facing = 0.0
        for turn in (0.0, 0.5):
            angle = TAU * (t / 2 + turn + 0.12)
            ahead, across = float(np.sin(angle)), float(np.cos(angle))
            direction = np.array([across, 0.1 + 0.16 * ahead])
            size = np.hypot(*direction)
            ux, uy = (float(c) for c in direction / size)
            along, off = bx * ux + by * uy, bx * uy - by * ux
            wide = np.float32(0.016) + np.maximum(along, 0) * np.float32(0.1 + 0.1 * (1 - abs(across)))
            beam = np.exp(-((off / wide) ** 2)) * (along > 0) * np.exp(-along * np.float32(1.1 / (0.25 + abs(across))))
            total += beam * np.float32(0.8 * (0.35 + 0.65 * abs(across)))
            facing = max(facing, ahead if ahead > 0 else 0.0)
        big = doubled(total)
        light = doubled(big)
        canvas.y += light * tone[0]
        canvas.u += big * tone[1]
        canvas.v += big * tone[2]
        height = waves.at(t) * np.float32(0.33)
        glance = np.clip(height - 0.25, 0, 1.4) * (
            np.float32(0.12)
            + big[sea // 2 :][::-1] * 0.4
            + np.float32(0.35 * facing**6) * np.exp(-(((u - np.float32(lx / w - 0.5)) / 0.16) ** 2))
        )
        canvas.y[sea:] += doubled(height * 5 + glance * tone[0])
        canvas.u[sea // 2 :] += glance * tone[1]
        canvas.v[sea // 2 :] += glance * tone[2]
        canvas.stamp(layer, lx - 100 * unit, ly - 66 * unit)
        canvas.hill(cliff, "#3a3468", "#100d20")
        canvas.hill(rocks, "#151230", "#08070f")
        canvas.glow(lx, ly, (70 + 190 * facing**8) * unit, "#ffe9b0", 0.8)
        return canvas

    return draw


NIGHTS = {
    "lanterns": ramp((0, "#0d1033"), (0.4, "#2a2360"), (0.74, "#8a4a6b"), (1, "#151236")),
    "fireworks": ramp((0, "#060818"), (0.5, "#121a45"), (0.8, "#2d2a5c"), (1, "#0b0d24")),
    "coast": ramp((0, "#080c26"), (0.45, "#1a2558"), (0.718, "#4a4f8c"), (0.722, "#131b44"), (1, "#060919")),
}
