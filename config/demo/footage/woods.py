"""Lights in the woods at night: a campfire, fireflies, a cabin in the snow."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, doubled, mix, ramp, shade, smoothstep, to_hex
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.noise import Swell, field, line
from config.demo.footage.scene import Draw, Stage
from config.demo.footage.skies import pines, ridge, stars


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
    fire = ramp(
        (0, "#3a0703"), (0.18, "#a81d05"), (0.4, "#f4610a"), (0.65, "#ffb21f"), (0.88, "#ffe98a"), (1, "#fffbe0")
    )

    def logs(pen: Pen) -> None:
        for x0, y0, x1, y1, tone in (
            (20, 70, 200, 40, "#2a1710"),
            (200, 72, 24, 36, "#3a2015"),
            (60, 84, 170, 78, "#21120c"),
        ):
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
    sparks = [
        (rng.uniform(-0.5, 0.5), rng.uniform(0, 1), rng.uniform(0.5, 1.2), int(rng.integers(1, 3)), rng.uniform(0, TAU))
        for _ in range(60)
    ]
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
        body = (
            np.float32(1.22)
            - y * np.float32(1.18)
            - (np.abs(x + warp * y * np.float32(0.13)) / (np.float32(0.66) - y * np.float32(0.42))) ** 2
        )
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
                pen.polygon(
                    [
                        (x - wide * 0.4 + lean, -2),
                        (x + wide * 0.4 + lean, -2),
                        (x + wide * 0.5, foot - wide),
                        (x + wide * 1.3, foot),
                        (x - wide * 1.3, foot),
                        (x - wide * 0.5, foot - wide),
                    ],
                    colour,
                )
                for _ in range(4):
                    y0, side = rng.uniform(0.05, 0.55) * h, rng.choice([-1, 1])
                    root = x + lean * (1 - y0 / h)
                    long = rng.uniform(2.5, 6) * wide
                    pen.line(
                        [
                            (root, y0),
                            (root + side * long * 0.5, y0 - long * 0.3),
                            (root + side * long, y0 - long * 0.9),
                        ],
                        colour,
                        max(wide * 0.16, 1),
                    )

        return Layer.drawn(w, h, paint, scale=2)

    for number in range(4):
        depth = number / 3
        still.stamp(grove(13 - 3 * number, 7 + 22 * depth**1.4, to_hex(mix(trunks[0], trunks[1], depth))), 0, 0)
        if number < 3:
            veil = np.broadcast_to(np.clip((np.arange(h, dtype=np.float32)[:, None] / h - 0.45) * 1.5, 0, 0.55), (h, w))
            win = still.window(0, 0, w - 1, h - 1)
            assert win is not None
            still.blend(win, veil.astype(np.float32), mist[:, 780])

    def ferns(pen: Pen) -> None:
        for _ in range(70):
            x, y, long, lean = rng.uniform(0, w), 0.16 * h, rng.uniform(0.05, 0.15) * h, rng.uniform(-1, 1)
            stem = [
                (x + lean * long * (k / 8) ** 1.6, y - long * (k / 8) * (1 - 0.25 * abs(lean) * k / 8))
                for k in range(9)
            ]
            pen.line(stem, trunks[1], 2.4 * unit)
            for k in range(1, 8):
                sx, sy = stem[k]
                leaf = long * 0.17 * (1 - k / 9)
                for side in (-1, 1):
                    pen.line([(sx, sy), (sx + side * leaf, sy - leaf * 0.5)], trunks[1], 2.6 * unit)

    still.stamp(Layer.drawn(w, 0.16 * h, ferns, scale=2), 0, int(0.845 * h))
    drift = Swell.of(rng, stage.size(8), 1.9, low=1, high=6, turns=(1,))
    low = (np.exp(-(((stage.down(8) - 0.72) / 0.2) ** 2)) * 13).astype(np.float32)
    flies = []
    for _ in range(46):
        near = rng.uniform(0, 1) ** 2
        flies.append(
            (
                rng.uniform(0.04, 0.96),
                rng.uniform(0.36, 0.95),
                near,
                rng.integers(1, 3, 2),
                rng.uniform(0, TAU, 3),
                rng.uniform(0.02, 0.08),
                int(rng.integers(1, 4)),
            )
        )

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
        canvas.lights(lamps, spark)
        return canvas

    return draw


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
        pen.polygon(
            [
                (2 * s, 116 * s),
                (150 * s, 14 * s),
                (298 * s, 116 * s),
                (286 * s, 124 * s),
                (150 * s, 38 * s),
                (14 * s, 124 * s),
            ],
            "#eef3ff",
        )
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
    still.hill(
        (0.775 * h + 10 * unit * np.sin(np.arange(w) / w * 5) + line(rng, w, 1.8, 1, 6) * 5 * unit).astype(np.float32),
        "#dfe9ff",
        "#7d92cb",
    )
    x = np.arange(w, dtype=np.float32)
    for at, high, tone in (
        (0.9, 0.52, "#1a2754"),
        (0.06, 0.66, "#141f48"),
        (0.24, 0.36, "#111b3f"),
        (1.0, 0.4, "#0f1838"),
    ):
        level = np.clip(np.abs(x - at * w) / (0.27 * high * w), 0, 1) * 8
        tree = 1.01 * h - high * w * (1 - (np.floor(level) + 0.5 * (level % 1)) / 8)
        still.hill(np.where(level < 8, tree, h).astype(np.float32), tone, mix(tone, "#5a6fb5", 0.35))
    for x in (66, 190, 150):
        y = 161 if x != 150 else 84
        still.glow(left + (x + (22 if x != 150 else 0)) * unit, top + y * unit, 110 * unit, "#ff9d3c", 0.35)
    still.glow(left + 150 * unit, 0.79 * h, 210 * unit, "#ff9d3c", 0.22)
    count = 520
    fx, fy, sway, near = (
        rng.uniform(0, 1, count),
        rng.uniform(0, 1, count),
        rng.uniform(0, TAU, count),
        rng.uniform(0, 1, count) ** 1.5,
    )
    falls = np.where(near > 0.5, 2, 1)
    large = [(rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(3.0, 7.5), rng.uniform(0, TAU)) for _ in range(26)]
    smoke = [(k / 9, rng.uniform(0, TAU)) for k in range(9)]

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for start, phase in smoke:
            age = (t + start) % 1.0
            px = left + (218 + 46 * age + 9 * np.sin(phase + age * 6)) * unit
            canvas.haze(
                px, top + (8 - 200 * age) * unit, (16 + 46 * age) * unit, "#c9d3f2", 0.5 * (1 - age) * min(age * 6, 1)
            )
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
    "camp": ramp((0, "#050a1c"), (0.5, "#10203f"), (0.8, "#2a3350"), (1, "#080608")),
    "mist": ramp((0, "#16343f"), (0.4, "#2f6a68"), (0.72, "#6fae98"), (0.9, "#1d3f40"), (1, "#0b1d20")),
    "snow": ramp((0, "#131b4a"), (0.3, "#2f3f8a"), (0.52, "#7a7fc4"), (1, "#a3aede")),
}
