"""Night scenes with a light in them: lanterns, fireworks, a campfire, a lighthouse, fireflies, a cabin in the snow."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import (
    TAU,
    Canvas,
    Floats,
    Layer,
    Pen,
    doubled,
    halved,
    mix,
    points,
    ramp,
    shade,
    smoothstep,
    yuv,
)
from config.demo.footage.noise import Swell, field, line
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
    still.hill(pines(stage, ridge(stage, 0.738, 0.004, high=10), height=(0.03, 0.09), gap=0.05), "#0c0a1e", "#0c0a1e", until=shore)
    still.y[shore:] = (still.y[2 * shore - h : shore][::-1] - 16) * 0.6 + 14
    half = shore // 2
    still.u[half:] = still.u[2 * half - h // 2 : half][::-1]
    still.v[half:] = still.v[2 * half - h // 2 : half][::-1]

    def lantern(size: float) -> Layer:
        wide, tall = int(size) | 1, int(size * 1.25)
        y, x = np.mgrid[0 : (tall + 1) & ~1, 0 : (wide + 1) & ~1].astype(np.float32)
        u, v = (x - wide / 2) / wide * 2, y / tall
        side = 0.72 + 0.22 * np.sin(np.clip(v, 0, 1) * np.pi * 0.75)
        alpha = np.clip((side - np.abs(u)) * size * 0.5 + 0.5, 0, 1) * np.clip(v * tall - 1, 0, 1) * np.clip((1 - v) * tall - 1, 0, 1)
        fire = np.clip(np.exp(-((u / 0.75) ** 2)) * (0.35 + 0.75 * v), 0, 1)
        planes = shade(ramp("#a8330f", "#f07a1c", "#ffb84a", "#fff0b8"), fire.astype(np.float32)) * alpha
        alpha = alpha.astype(np.float32)
        return Layer.over(alpha, planes.astype(np.float32))

    lanes = []
    for number in range(15):
        near = (number / 14) ** 1.6
        size = (9 + 40 * near) * unit
        lanes.append((near, size, lantern(size), rng.uniform(0.02, 0.98), rng.uniform(0, 1), (0.16 + 0.2 * near) * h, rng.uniform(0, 1)))

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
        canvas.lights(*np.array(lamps, np.float32).T, "#ff8a2a", part=4)
        return canvas

    return draw


def offset(colour: str) -> Floats:
    """A colour as an amount of light: its planes less black."""
    return np.asarray(yuv(colour) - np.array([16, 128, 128], np.float32), np.float32)


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
        bursts.append((start, centre, np.cos(angle) * shell * speed, np.sin(angle) * shell * speed, colour, rng.uniform(0, TAU, count)))
    life = 0.36
    trail = np.arange(9) * 0.011
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
                amount = 2.6 * (1 - past / life) ** 0.8 * np.exp(-trail * 20)[:, None] * twinkle * (past > trail)[:, None]
                parts.append((px, py, amount, np.broadcast_to(offset(colour)[:, None, None], (3, *px.shape))))
                where = (np.array([v], np.float32) for v in (cx * w, cy * h, 0.66 * w, 0.34 * (1 - past / life) ** 2))
                canvas.lights(*where, colour, part=8)
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
        halo[1:-1, 1:-1] = (halo[1:-1, 1:-1] * 2 + halo[:-2, 1:-1] + halo[2:, 1:-1] + halo[1:-1, :-2] + halo[1:-1, 2:]) / 6
        canvas.y += doubled(np.minimum(light[0], 140) + doubled(halo))
        for plane, extra in ((canvas.u, light[1]), (canvas.v, light[2])):
            plane += np.clip(extra * np.float32(1.5), -64, 64)
        canvas.y[:river] = np.where(skyline, np.minimum(canvas.y[:river], still.y[:river] + 14), canvas.y[:river])
        canvas.y[river:] = (canvas.y[rows] - 16) * np.float32(0.42) + 18
        canvas.u[river // 2 :] = (canvas.u[rows[::2] // 2] - 128) * np.float32(0.6) + 129
        canvas.v[river // 2 :] = (canvas.v[rows[::2] // 2] - 128) * np.float32(0.6) + 128
        return canvas

    return draw


def campfire(stage: Stage, *, night: Floats) -> Draw:
    """A fire between stones, sparks, and the trees it lights."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    ground = 0.83 * h
    still = Canvas.painting(stage.gradient(night))
    still.y += stars(stage, 260, below=0.6)
    still.hill(pines(stage, ridge(stage, 0.7, 0.01), height=(0.16, 0.34), gap=0.09), "#0d1526", "#120f1a")
    still.hill(pines(stage, ridge(stage, 0.78, 0.01), height=(0.28, 0.6), gap=0.3), "#070a14", "#0c0910")
    still.hill(np.full(w, 0.785 * h, np.float32) + line(rng, w, 1.2, 1, 20) * 3, "#1d130f", "#0a0706")
    lit = still.copy()
    lit.haze(0.5 * w, ground - 0.06 * h, 0.95 * w, "#d9541a", 0.62)
    lit.haze(0.5 * w, ground + 0.01 * h, 0.5 * w, "#ffb04a", 0.6)
    gains = (lit.y - still.y, lit.u - still.u, lit.v - still.v)
    fx, fy = int(0.5 * w), int(ground)
    bw, bh = int(0.31 * w) & ~3, int(0.36 * h) & ~3
    top, left = (fy - bh + int(12 * unit)) & ~1, (fx - bw) & ~1
    y = np.linspace(1, 0, bh // 2, dtype=np.float32)[:, None]  # 0 at the embers
    x = np.linspace(-1, 1, bw, dtype=np.float32)[None, :]
    side = 256
    texture = field(rng, (side, side), 1.25, 3, 40)
    row = (y * 150).astype(np.int32)
    column = (x * 84 + 512).astype(np.int32)
    slow = field(rng, (side, side), 1.7, 2, 14)
    fire = ramp((0, "#3a0703"), (0.18, "#a81d05"), (0.4, "#f4610a"), (0.65, "#ffb21f"), (0.88, "#ffe98a"), (1, "#fffbe0"))

    def logs(pen: Pen) -> None:
        for x0, y0, x1, y1, tone in ((20, 70, 200, 40, "#2a1710"), (200, 72, 24, 36, "#3a2015"), (60, 84, 170, 78, "#21120c")):
            pen.line([(x0 * unit, y0 * unit), (x1 * unit, y1 * unit)], tone, 22 * unit)
            for ex, ey in ((x0, y0), (x1, y1)):
                pen.oval(ex * unit, ey * unit, 11 * unit, 11 * unit, "#4d2c1b")
                pen.oval(ex * unit, ey * unit, 7 * unit, 7 * unit, "#7a4a2c")
        for k in range(9):
            cx = (4 + k * 27) * unit
            cy = (92 + 9 * np.sin(k / 8 * np.pi)) * unit
            pen.oval(cx, cy, 17 * unit, 12 * unit, "#38322f" if k % 2 else "#453d39")
            pen.oval(cx - 3 * unit, cy - 4 * unit, 11 * unit, 6 * unit, "#5c4d44")

    hearth = Layer.drawn(224 * unit, 122 * unit, logs)
    sparks = [(rng.uniform(-0.5, 0.5), rng.uniform(0, 1), rng.uniform(0.5, 1.2), int(rng.integers(1, 3)), rng.uniform(0, TAU)) for _ in range(60)]
    flicker = 0.5 * line(rng, 144, 0.9, 1, 16)

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        place = t * 144
        now = float(np.interp(place % 144, np.arange(145), np.append(flicker, flicker[0])))
        glow = np.float32(np.clip(0.72 + 0.2 * now, 0.45, 1))
        for plane, gain in zip((canvas.y, canvas.u, canvas.v), gains, strict=True):
            plane += glow * gain
        up = int(t * side * 4)
        warp = slow.take((((row - int(t * side * 2)) & 255) << 8) + (column & 255))
        shift = (warp * (10 * (0.25 + y))).astype(np.int32)
        rough = texture.take((((row - up) & 255) << 8) + ((column + shift) & 255))
        body = np.float32(1.22) - y * np.float32(1.18) - (np.abs(x + warp * y * np.float32(0.13)) / (np.float32(0.66) - y * np.float32(0.42))) ** 2
        heat = body * np.float32(0.92) + rough * (np.float32(0.11) + y * np.float32(0.23))
        alpha = smoothstep(0.04, 0.34, heat)
        planes = shade(fire, heat * np.float32(0.85))
        ys, xs = np.s_[top : top + bh], np.s_[left : left + 2 * bw]
        big = np.s_[top // 2 : top // 2 + bh // 2, left // 2 : left // 2 + bw]
        luma = canvas.y[ys, xs]
        luma += doubled(alpha) * (doubled(planes[0]) - luma)
        for plane, value in ((canvas.u, planes[1]), (canvas.v, planes[2])):
            target = plane[big]
            target += alpha * (value - target)
        for sx, start, speed, turns, phase in sparks:
            age = (t * turns + start) % 1.0
            px = fx + (sx * 90 + 60 * age * np.sin(phase + age * 7) * (0.4 + age)) * unit
            py = fy - 0.08 * h - age * speed * 0.5 * h
            canvas.disc(px, py, (2.3 - 1.4 * age) * unit, "#ffb347", float(np.clip(1.1 - age, 0, 1)), 1.6)
        canvas.stamp(hearth, fx - 112 * unit, fy - 64 * unit)
        canvas.glow(fx, fy - 8 * unit, 120 * unit, "#ff7a1f", 0.3 * float(glow))
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
                ring(y, y + 44, x0, x1, _hex(mix("#c23a50" if k % 2 else "#e9e4ee", "#141030", tone)))
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
    rise = np.clip((x / w - 0.12) / 0.42, 0, 1)
    rise = rise * rise * (3 - 2 * rise)
    cliff = (0.99 * h - 0.262 * h * rise + line(rng, w, 0.9, 2, 70) * 5 * unit * (rise < 0.98)).astype(np.float32)
    rocks = (0.945 * h + line(rng, w, 1.0, 2, 50) * 16 * unit + 0.11 * h * np.clip(0.62 - x / w, 0, 1)).astype(np.float32)
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
    tone = offset("#ffe9b0")

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
        glance = np.clip(height - 0.25, 0, 1.4) * (np.float32(0.12) + big[sea // 2 :][::-1] * 0.4 + np.float32(0.35 * facing**6) * np.exp(-((u - np.float32(lx / w - 0.5)) / 0.16) ** 2))
        canvas.y[sea:] += doubled(height * 5 + glance * tone[0])
        canvas.u[sea // 2 :] += glance * tone[1]
        canvas.v[sea // 2 :] += glance * tone[2]
        canvas.stamp(layer, lx - 100 * unit, ly - 66 * unit)
        canvas.hill(cliff, "#262246", "#0c0a18")
        canvas.hill(rocks, "#151230", "#08070f")
        canvas.glow(lx, ly, (70 + 190 * facing**8) * unit, "#ffe9b0", 0.8)
        return canvas

    return draw


def fireflies(stage: Stage, *, mist: Floats, trunks: tuple[str, str], spark: str = "#d8ff6a") -> Draw:
    """Fireflies among trees that stand in mist."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    still = Canvas.painting(stage.gradient(mist))
    still.haze(0.56 * w, 0.3 * h, 0.75 * w, "#d6fff0", 0.5)

    def grove(count: int, thick: float, colour: str) -> Layer:
        def paint(pen: Pen) -> None:
            for _ in range(count):
                x, wide, lean = rng.uniform(0, w), thick * rng.uniform(0.6, 1.3) * unit, rng.uniform(-22, 22) * unit
                foot = h * 0.98
                pen.polygon([(x - wide * 0.4 + lean, -2), (x + wide * 0.4 + lean, -2), (x + wide * 0.5, foot - wide), (x + wide * 1.3, foot), (x - wide * 1.3, foot), (x - wide * 0.5, foot - wide)], colour)
                for _ in range(4):
                    y0, side = rng.uniform(0.05, 0.55) * h, rng.choice([-1, 1])
                    root = x + lean * (1 - y0 / h)
                    long = rng.uniform(2.5, 6) * wide
                    pen.line([(root, y0), (root + side * long * 0.5, y0 - long * 0.3), (root + side * long, y0 - long * 0.9)], colour, max(wide * 0.16, 1))

        return Layer.drawn(w, h, paint, scale=2)

    for number in range(4):
        depth = number / 3
        still.stamp(grove(13 - 3 * number, 7 + 22 * depth**1.4, _hex(mix(trunks[0], trunks[1], depth))), 0, 0)
        if number < 3:
            veil = np.broadcast_to(np.clip((np.arange(h, dtype=np.float32)[:, None] / h - 0.45) * 1.5, 0, 0.55), (h, w))
            win = still.window(0, 0, w - 1, h - 1)
            assert win is not None
            still.blend(win, veil.astype(np.float32), mist[:, 780])

    def ferns(pen: Pen) -> None:
        for _ in range(70):
            x, y, long, lean = rng.uniform(0, w), 0.16 * h, rng.uniform(0.05, 0.15) * h, rng.uniform(-1, 1)
            stem = [(x + lean * long * (k / 8) ** 1.6, y - long * (k / 8) * (1 - 0.25 * abs(lean) * k / 8)) for k in range(9)]
            pen.line(stem, trunks[1], 2.4 * unit)
            for k in range(1, 8):
                sx, sy = stem[k]
                leaf = long * 0.17 * (1 - k / 9)
                for side in (-1, 1):
                    pen.line([(sx, sy), (sx + side * leaf, sy - leaf * 0.5)], trunks[1], 2.6 * unit)

    still.stamp(Layer.drawn(w, 0.16 * h, ferns, scale=2), 0, int(0.845 * h))
    drift = Swell.of(rng, stage.size(8), 1.9, low=1, high=6, turns=(1,))
    low = (np.exp(-((stage.down(8) - 0.72) / 0.2) ** 2) * 13).astype(np.float32)
    flies = []
    for _ in range(46):
        near = rng.uniform(0, 1) ** 2
        flies.append((rng.uniform(0.04, 0.96), rng.uniform(0.36, 0.95), near, rng.integers(1, 3, 2), rng.uniform(0, TAU, 3), rng.uniform(0.02, 0.08), int(rng.integers(1, 4))))

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        canvas.y += doubled(doubled(doubled(drift.at(t) * low)))
        lamps = []
        for x, y, near, turns, phase, wander, blinks in flies:
            px = (x + wander * np.sin(TAU * t * turns[0] + phase[0])) * w
            py = (y + 0.6 * wander * np.sin(TAU * t * turns[1] + phase[1])) * h
            blink = max(0.0, float(np.sin(TAU * t * blinks + phase[2]))) ** 0.7
            if blink > 0.03:
                lamps.append((px, py, (9 + 24 * near) * unit, 0.65 * blink))
                canvas.disc(px, py, (1.3 + 1.9 * near) * unit, "#fdffe0", blink, 1.5)
        canvas.lights(*np.array(lamps or [(0, 0, 1, 0)], np.float32).T, spark)
        return canvas

    return draw


def _hex(colour: Floats) -> str:
    y, u, v = (float(c) for c in colour)
    y, u, v = 1.164 * (y - 16), u - 128, v - 128
    values = (y + 1.596 * v, y - 0.392 * u - 0.813 * v, y + 2.017 * u)
    return "#" + "".join(f"{int(min(max(c, 0), 255)):02x}" for c in values)


def snow_cabin(stage: Stage, *, night: Floats) -> Draw:
    """Snow falls on a cabin whose windows glow."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    still = Canvas.painting(stage.gradient(night))
    still.y += stars(stage, 160, below=0.5)
    still.hill(ridge(stage, 0.52, 0.07, detail=1.3, high=20), "#6f86c2", "#8fa4d8")
    for level, tall, gap, tone in ((0.6, (0.08, 0.16), 0.045, "#3c4f8a"), (0.66, (0.12, 0.25), 0.09, "#24346a")):
        still.hill(pines(stage, ridge(stage, level, 0.012, high=8), height=tall, gap=gap), tone, "#5f78b8")
    still.hill(ridge(stage, 0.735, 0.02, detail=1.8, high=5), "#c5d4f5", "#8297cc")

    def cabin(pen: Pen) -> None:
        s = unit
        pen.box(40 * s, 110 * s, 260 * s, 220 * s, "#4a2b22")
        for y in range(118, 220, 14):
            pen.line([(40 * s, y * s), (260 * s, y * s)], "#38201a", 2 * s)
        pen.box(205 * s, 22 * s, 232 * s, 90 * s, "#5b4650")
        pen.polygon([(10 * s, 118 * s), (150 * s, 26 * s), (290 * s, 118 * s)], "#3a2330")
        pen.polygon([(2 * s, 116 * s), (150 * s, 14 * s), (298 * s, 116 * s), (286 * s, 124 * s), (150 * s, 38 * s), (14 * s, 124 * s)], "#eef3ff")
        pen.box(200 * s, 14 * s, 237 * s, 28 * s, "#eef3ff", 6 * s)
        for x in (66, 190):
            pen.box((x - 4) * s, 136 * s, (x + 48) * s, 186 * s, "#2a1712", 3 * s)
            pen.box(x * s, 140 * s, (x + 44) * s, 182 * s, "#ffce6b")
            pen.line([((x + 22) * s, 140 * s), ((x + 22) * s, 182 * s)], "#2a1712", 3 * s)
            pen.line([(x * s, 161 * s), ((x + 44) * s, 161 * s)], "#2a1712", 3 * s)
            pen.box((x - 6) * s, 184 * s, (x + 50) * s, 191 * s, "#eef3ff", 3 * s)
        pen.box(128 * s, 146 * s, 172 * s, 220 * s, "#7a3b2a", 4 * s)
        pen.oval(163 * s, 186 * s, 3 * s, 3 * s, "#ffce6b")
        pen.oval(150 * s, 84 * s, 16 * s, 16 * s, "#ffce6b")
        pen.line([(134 * s, 84 * s), (166 * s, 84 * s)], "#2a1712", 3 * s)
        pen.line([(150 * s, 68 * s), (150 * s, 100 * s)], "#2a1712", 3 * s)

    left, top = 0.3 * w, 0.565 * h
    still.stamp(Layer.drawn(300 * unit, 222 * unit, cabin), left, top)
    still.hill((0.775 * h + 10 * unit * np.sin(np.arange(w) / w * 5) + line(rng, w, 1.8, 1, 6) * 5 * unit).astype(np.float32), "#dfe9ff", "#7d92cb")
    x = np.arange(w, dtype=np.float32)
    for at, tall, tone in ((0.9, 0.52, "#1a2754"), (0.06, 0.66, "#141f48"), (0.24, 0.36, "#111b3f"), (1.0, 0.4, "#0f1838")):
        level = np.clip(np.abs(x - at * w) / (0.27 * tall * w), 0, 1) * 8
        tree = 1.01 * h - tall * w * (1 - (np.floor(level) + 0.5 * (level % 1)) / 8)
        still.hill(np.where(level < 8, tree, h).astype(np.float32), tone, mix(tone, "#5a6fb5", 0.35))
    for x in (66, 190, 150):
        y = 161 if x != 150 else 84
        still.glow(left + (x + (22 if x != 150 else 0)) * unit, top + y * unit, 110 * unit, "#ff9d3c", 0.35)
    still.glow(left + 150 * unit, 0.79 * h, 210 * unit, "#ff9d3c", 0.22)
    count = 520
    fx, fy, sway, near = rng.uniform(0, 1, count), rng.uniform(0, 1, count), rng.uniform(0, TAU, count), rng.uniform(0, 1, count) ** 1.5
    falls = np.where(near > 0.5, 2, 1)
    large = [(rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(3.0, 7.5), rng.uniform(0, TAU)) for _ in range(26)]
    smoke = [(k / 9, rng.uniform(0, TAU)) for k in range(9)]

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for start, phase in smoke:
            age = (t + start) % 1.0
            px = left + (218 + 46 * age + 9 * np.sin(phase + age * 6)) * unit
            canvas.haze(px, top + (8 - 200 * age) * unit, (16 + 46 * age) * unit, "#c9d3f2", 0.5 * (1 - age) * min(age * 6, 1))
        y = (fy + t * falls) % 1.0 * (h + 20) - 10
        x = (fx + 0.025 * np.sin(TAU * t + sway)) % 1.0 * w
        small = near < 0.6
        canvas.splat(x[small], y[small], 90 + 120 * near[small])
        canvas.splat(x[~small], y[~small], 60 + 110 * near[~small], part=2)
        for bx, by, size, phase in large:
            px = (bx + 0.05 * np.sin(TAU * t + phase)) * w
            canvas.disc(px, ((by + 2 * t) % 1.0) * (h + 40) - 20, size * unit, "#ffffff", 0.62, size * 0.9)
        return canvas

    return draw


NIGHTS = {
    "lanterns": ramp((0, "#0d1033"), (0.4, "#2a2360"), (0.74, "#8a4a6b"), (1, "#151236")),
    "fireworks": ramp((0, "#060818"), (0.5, "#121a45"), (0.8, "#2d2a5c"), (1, "#0b0d24")),
    "camp": ramp((0, "#050a1c"), (0.5, "#10203f"), (0.8, "#2a3350"), (1, "#080608")),
    "coast": ramp((0, "#080c26"), (0.45, "#1a2558"), (0.718, "#4a4f8c"), (0.722, "#131b44"), (1, "#060919")),
    "mist": ramp((0, "#16343f"), (0.4, "#2f6a68"), (0.72, "#6fae98"), (0.9, "#1d3f40"), (1, "#0b1d20")),
    "snow": ramp((0, "#131b4a"), (0.3, "#2f3f8a"), (0.52, "#7a7fc4"), (1, "#a3aede")),
}
