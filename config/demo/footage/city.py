"""Towns and roads: a neon drive, a tram at night, the view from a train."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, light_of, mix, ramp, smoothstep, yuv
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.noise import line, shifted
from config.demo.footage.scene import Draw, Stage
from config.demo.footage.skies import pines, stars


def neon_road(stage: Stage, *, sky: Floats, sun: Floats, grid: str, ground: tuple[str, str]) -> Draw:
    """An endless road over a glowing grid towards a striped sun."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    horizon = int(0.54 * h) & ~1
    still = Canvas.painting(stage.gradient(sky))
    still.y[:horizon] += stars(stage, 240, below=0.4)[:horizon]
    cx, cy, radius = w / 2, 0.4 * h, 0.3 * w
    still.haze(cx, cy, 0.85 * w, "#ff4fa3", 0.5)
    win = still.window(cx - radius - 2, cy - radius - 2, cx + radius + 2, cy + radius + 2)
    assert win is not None
    down = (win.y - (cy - radius)) / (2 * radius)
    disc = np.clip(radius - np.hypot(win.x - cx, win.y - cy) + 0.5, 0, 1)
    bands = np.where(down > 0.42, np.clip(((down * 14) % 1 - (down - 0.42) * 0.85) * 14, 0, 1), 1)
    index = np.clip(down[:, 0] * 1023, 0, 1023).astype(int)
    still.blend(win, np.asarray(disc * bands, np.float32), sun[:, index][:, :, None])
    for level, rough, tone in ((0.515, 0.06, "#3b1a6e"), (0.53, 0.045, "#22104a")):
        peaks = np.abs(line(rng, 2 * w, 0.9, 2, 34)[:w]) * rough * w
        side = np.abs(np.linspace(-1, 1, w)) ** 0.7
        profile = (level * h + 12 * unit - (peaks + 0.03 * w) * (0.25 + side)).astype(np.float32)
        still.hill(profile, tone, mix(tone, "#ff4fa3", 0.25), until=horizon)
        for shift in (0.0, 1.0):
            still.hill(profile + shift, mix(tone, grid, 0.0), mix(tone, "#ff4fa3", 0.25), until=horizon)
    rows = h - horizon
    v = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
    near = v + np.float32(0.012)
    depth = np.float32(0.85) / near  # distance along the ground
    x = (np.arange(w, dtype=np.float32)[None, :] - cx) / w
    across = x / near * np.float32(1.35)
    span = np.float32(1.35) / (near * w)  # ground width of a pixel
    lane = np.abs(((across * 2 + 0.5) % 1) - 0.5)
    thick = np.float32(0.03)
    vertical = np.clip((thick + span - lane) / (2 * span), 0, 1) * np.clip(2 * thick / span, 0.15, 1)
    bloom = np.exp(-((lane / 0.14) ** 2)) * 0.3
    road = smoothstep(0.31, 0.28, np.abs(across))
    kerb = np.exp(-(((np.abs(across) - 0.29) / (0.012 + span * 0.8)) ** 2))
    floor_tone = ramp(*ground)[:, (v[:, 0] * 1023).astype(int)][:, :, None]
    floor = floor_tone + 0 * x
    light = light_of(grid)
    fog = np.clip(v * 3.2, 0, 1) ** 0.8
    lines = ((vertical + bloom) * (1 - road) * fog).astype(np.float32)
    edge = (kerb * 1.1 * fog).astype(np.float32)
    asphalt = yuv("#140a2c")[:, None, None]
    floor = floor + road * 0.9 * (asphalt - floor)
    dash = (np.clip((np.float32(0.022) + span - np.abs(across)) / (2 * span), 0, 1)).astype(np.float32)
    base = []
    for k in range(3):
        plane = (floor[k] + (lines + edge) * light[k] * 0.9).astype(np.float32)
        base.append(plane if k == 0 else plane[::2, ::2])
    off_road = (1 - road).astype(np.float32)
    row_span = depth / (near * rows)

    def palm(pen: Pen, s: float) -> None:
        tone = "#160a30"
        trunk = [(0.5 * s + 0.05 * s * np.sin(k / 9 * 2.4), s - 0.72 * s * k / 9) for k in range(10)]
        for k in range(9):
            pen.line(trunk[k : k + 2], tone, (0.05 - 0.003 * k) * s)
        tx, ty = trunk[-1]
        for a in np.linspace(-2.9, -0.2, 8):
            leaf = [
                (tx + 0.4 * s * q * np.cos(a), ty + 0.34 * s * (q * np.sin(a) * 0.7 + q * q * 0.6))
                for q in np.linspace(0, 1, 10)
            ]
            for k in range(9):
                pen.line(leaf[k : k + 2], tone, 0.02 * s)
                px, py = leaf[k + 1]
                pen.line([(px, py), (px - 0.012 * s, py + 0.055 * s * (1 - k / 10))], tone, 0.016 * s)

    sizes = [26 * 1.22**k for k in range(16)]
    palms = [Layer.drawn(s * unit, s * unit, palm, s * unit, scale=3 if s < 150 else 2) for s in sizes]

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        step = (depth + np.float32(t * 6)) % 1
        gap = np.minimum(step, 1 - step)
        cross = np.clip((np.float32(0.035) + row_span - gap) / (2 * row_span), 0, 1) * np.clip(0.09 / row_span, 0.12, 1)
        cross = (cross + np.exp(-((gap / 0.16) ** 2)) * 0.28) * fog
        amount = cross * off_road
        marks = (
            smoothstep(0.5, 0.44, np.abs(((depth * 0.5 + np.float32(t * 3)) % 1) - np.float32(0.5)) + np.float32(0.25))
            * fog
        )
        canvas.y[horizon:] = base[0] + amount * light[0] + dash * marks * 150
        small = amount[::2, ::2]
        canvas.u[horizon // 2 :] = base[1] + small * light[1]
        canvas.v[horizon // 2 :] = base[2] + small * light[2]
        for k in range(4, -1, -1):
            for side in (-1, 1):
                far = (k + 1 - (t * 3) % 1 + (0.5 if side > 0 else 0)) * 2.0
                y = 0.85 / far - 0.012
                if y > 1.25 or far < 0.55:
                    continue
                px = cx + side * 0.62 / 1.35 * (y + 0.012) * w * 1.25
                want = 620 * unit * (y + 0.012)
                pick = int(np.argmin([abs(s * unit - want) for s in sizes]))
                layer = palms[pick]
                size = layer.alpha.shape[0]
                canvas.stamp(layer, px - size / 2, horizon + y * rows - size * 0.97, float(np.clip(y * 14 - 0.9, 0, 1)))
        return canvas

    return draw


def _facade(
    pen: Pen,
    x: float,
    y: float,
    wide: float,
    tall: float,
    unit: float,
    rng: np.random.Generator,
    wall: str,
    lit: tuple[str, ...],
    dark: str,
    share: float,
) -> None:
    pen.box(x, y, x + wide, y + tall + 10, wall)
    pitch, row = 22 * unit, 30 * unit
    columns = max(int((wide - 12 * unit) / pitch), 1)
    left = x + (wide - columns * pitch) / 2
    for cy in np.arange(y + 14 * unit, y + tall - 24 * unit, row):
        for c in range(columns):
            tone = lit[int(rng.integers(len(lit)))] if rng.random() < share else dark
            pen.box(left + c * pitch + 4 * unit, cy, left + c * pitch + 17 * unit, cy + 18 * unit, tone, 1.5 * unit)
    pen.box(x - 2 * unit, y - 5 * unit, x + wide + 2 * unit, y + 2 * unit, dark)


def tram(stage: Stage, *, sky: Floats) -> Draw:
    """A yellow tram glides through a town at night; the wet street mirrors it."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    street = int(0.78 * h) & ~1
    still = Canvas.painting(stage.gradient(sky))
    still.y += stars(stage, 150, below=0.4)
    still.glow(0.76 * w, 0.13 * h, 0.3 * w, "#8f9dff", 0.35)
    still.disc(0.76 * w, 0.13 * h, 0.07 * w, "#fff4d6")
    still.haze(0.5 * w, street, 0.95 * w, "#c46a7c", 0.55)

    def row(
        length: int,
        low: float,
        high: float,
        walls: tuple[str, ...],
        lit: tuple[str, ...],
        dark: str,
        share: float,
        gap: float,
    ) -> Layer:
        def paint(pen: Pen) -> None:
            x = 0.0
            while x < length - 40 * unit:
                wide = min(rng.uniform(70, 130) * unit, length - x)
                tall = rng.uniform(low, high) * h
                _facade(
                    pen,
                    x,
                    street - tall,
                    wide - gap * unit,
                    tall,
                    unit,
                    rng,
                    walls[int(rng.integers(len(walls)))],
                    lit,
                    dark,
                    share,
                )
                if rng.random() < 0.5:
                    pen.polygon(
                        [
                            (x, street - tall),
                            (x + (wide - gap * unit) / 2, street - tall - 34 * unit),
                            (x + wide - gap * unit, street - tall),
                        ],
                        dark,
                    )
                x += wide

        return Layer.drawn(length, street, paint, scale=2)

    strips = []
    for length, low, high, walls, share, gap in (
        (int(1.0 * w) & ~1, 0.3, 0.5, ("#2c2a5c", "#262552"), 0.3, 0),
        (int(2.0 * w) & ~1, 0.18, 0.34, ("#3d2f62", "#4b3166", "#35305c"), 0.45, 8),
    ):
        lit = ("#ffd27a", "#ffb45e", "#ffe7b0") if gap else ("#b98a78", "#c79d80")
        strips.append((row(length, low, high, walls, lit, "#1d1b40", share, gap), length))
    lamp_gap = int(0.75 * w) & ~1

    def lamp(pen: Pen) -> None:
        pen.box(18 * unit, 10 * unit, 22 * unit, 260 * unit, "#14122b")
        pen.line([(20 * unit, 14 * unit), (48 * unit, 8 * unit)], "#14122b", 4 * unit)
        pen.box(40 * unit, 6 * unit, 62 * unit, 13 * unit, "#fff0c4", 3 * unit)

    post = Layer.drawn(66 * unit, 260 * unit, lamp)

    def car(pen: Pen) -> None:
        s = unit
        pen.box(6 * s, 30 * s, 434 * s, 182 * s, "#f4b52e", 22 * s)
        pen.box(6 * s, 128 * s, 434 * s, 150 * s, "#c8372d")
        pen.box(6 * s, 30 * s, 434 * s, 52 * s, "#fff3d0", 16 * s)
        pen.box(60 * s, 16 * s, 380 * s, 34 * s, "#4a4a5c", 6 * s)
        for x in (24, 100, 258, 334):
            pen.box(x * s, 62 * s, (x + 66) * s, 120 * s, "#ffe9a8", 6 * s)
            pen.polygon(
                [((x + 6) * s, 118 * s), ((x + 30) * s, 64 * s), ((x + 44) * s, 64 * s), ((x + 20) * s, 118 * s)],
                "#fff6d6",
            )
        for x in (176, 212):
            pen.box(x * s, 62 * s, (x + 33) * s, 172 * s, "#b7791f", 4 * s)
            pen.box((x + 4) * s, 68 * s, (x + 29) * s, 140 * s, "#ffe9a8", 3 * s)
        for x, tone in ((46, "#5a3b52"), (128, "#36466b"), (288, "#6b3a3a"), (366, "#3a5a4b")):
            pen.oval(x * s, 92 * s, 10 * s, 12 * s, "#7a5444")
            pen.box((x - 16) * s, 102 * s, (x + 16) * s, 120 * s, tone, 8 * s)
        pen.box(10 * s, 178 * s, 430 * s, 190 * s, "#3a3348")
        for x in (84, 130, 310, 356):
            pen.oval(x * s, 192 * s, 15 * s, 15 * s, "#221f30")
            pen.oval(x * s, 192 * s, 7 * s, 7 * s, "#6b6780")
        pen.oval(424 * s, 158 * s, 8 * s, 8 * s, "#fffbe0")
        pen.line([(200 * s, 18 * s), (226 * s, 0), (252 * s, 18 * s)], "#2b2940", 3 * s)

    wagon = Layer.drawn(440 * unit, 208 * unit, car)
    depth = h - street
    fade = np.linspace(0.58, 0.3, depth, dtype=np.float32)[:, None]
    ripple = np.arange(depth)
    wires = (street - 223 * unit, street - 219 * unit)

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for layer, length in strips:
            shift = (t * length) % length
            x = -shift
            while x < w:
                canvas.stamp(layer, x, 0)
                x += length
        top = int(wires[0])
        canvas.y[top : top + 2] = canvas.y[top : top + 2] * np.float32(0.45) + 12
        x = -((t * 4) % 1) * lamp_gap
        while x < w + lamp_gap:
            canvas.stamp(post, x, street - 256 * unit)
            canvas.glow(x + 51 * unit, street - 246 * unit, 86 * unit, "#ffcf8a", 0.55)
            x += lamp_gap
        sway = 10 * np.sin(TAU * t) * unit
        bump = 1.2 * np.sin(TAU * 6 * t) * unit
        tx = 0.5 * w - 220 * unit + sway
        canvas.stamp(wagon, tx, street - 206 * unit + bump, smooth=True)
        canvas.glow(tx + 424 * unit, street - 48 * unit, 96 * unit, "#fff0c0", 0.6)
        wave = (np.sin(ripple * 0.5 + TAU * 3 * t) + np.sin(ripple * 0.23 - TAU * 2 * t)) * np.linspace(0.4, 2.6, depth)
        source = np.clip(street - 1 - ripple * 1.12 + wave, 0, street - 1).astype(np.intp)
        canvas.y[street:] = (canvas.y[source] - 16) * fade + 20
        small = source[::2] // 2
        canvas.u[street // 2 :] = (canvas.u[small] - 128) * fade[::2] * np.float32(1.3) + 130
        canvas.v[street // 2 :] = (canvas.v[small] - 128) * fade[::2] * np.float32(1.3) + 127
        canvas.y[street : street + 4] = 24
        canvas.y[street + 12 : street + 14] += 26
        return canvas

    return draw


def train(stage: Stage, *, sky: Floats, fields: tuple[str, ...], sun: str) -> Draw:
    """The evening seen from a train: hills, trees, poles, a cup of tea on the sill."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    left, right, top, sill = 52 * unit, w - 52 * unit, 92 * unit, 0.83 * h
    still = Canvas.painting(stage.gradient(sky))
    still.haze(0.62 * w, 0.38 * h, 0.6 * w, sun, 0.8)
    still.disc(0.62 * w, 0.38 * h, 0.075 * w, mix(sun, "#ffffff", 0.55), 1, 2)
    bands = []
    for number, tone in enumerate(fields):
        depth = number / (len(fields) - 1)
        length = int(w * (1, 1, 2, 3, 5)[number])
        rough = (0.05, 0.035, 0.03, 0.02, 0.012)[number]
        shape = line(rng, length, 1.5, 1, 5 + 3 * (length // w))
        profile = (h * (0.45 + 0.29 * depth) + shape * rough * w).astype(np.float32)
        if number in (2, 3):
            wooded = pines(
                Stage(length, h, rng, stage.seconds), profile, height=(0.015 * number, 0.03 * number), gap=0.02 / number
            )
            profile = wooded
        bands.append((profile, length, tone))
    pole_gap = 2.0 * w

    def frame(pen: Pen) -> None:
        wall, trim, dark = "#5e403b", "#7d5648", "#2f2024"
        pen.box(0, 0, w, h, wall)
        for y in np.arange(0, h, 26 * unit):
            pen.line([(0, y), (w, y)], "#56392f", 1.5 * unit)
        pen.box(left - 20 * unit, top - 20 * unit, right + 20 * unit, sill + 14 * unit, trim, 44 * unit)
        pen.box(left - 7 * unit, top - 7 * unit, right + 7 * unit, sill + 5 * unit, dark, 34 * unit)
        pen.box(left, top, right, sill, "#00000000", 28 * unit)
        pen.box(20 * unit, sill + 14 * unit, w - 20 * unit, sill + 44 * unit, "#8a5d48", 8 * unit)
        pen.box(20 * unit, sill + 14 * unit, w - 20 * unit, sill + 20 * unit, "#b07f62", 4 * unit)
        pen.box(20 * unit, sill + 44 * unit, w - 20 * unit, sill + 54 * unit, "#2a1d22", 4 * unit)
        # a curtain tied to each side
        for side in (0, 1):
            for k in range(5):
                x0 = (left - 4 * unit + k * 12 * unit) if side == 0 else (right + 4 * unit - k * 12 * unit)
                x1 = (left - 8 * unit + k * 6 * unit) if side == 0 else (right + 8 * unit - k * 6 * unit)
                pen.polygon(
                    [
                        (x0 - 9 * unit, top - 6 * unit),
                        (x0 + 9 * unit, top - 6 * unit),
                        (x1 + 7 * unit, 0.5 * h),
                        (x1 - 7 * unit, 0.5 * h),
                    ],
                    "#b0483f" if k % 2 else "#c2594c",
                )
                pen.polygon(
                    [
                        (x1 - 7 * unit, 0.5 * h),
                        (x1 + 7 * unit, 0.5 * h),
                        (x0 + 6 * unit, sill + 4 * unit),
                        (x0 - 8 * unit, sill + 4 * unit),
                    ],
                    "#a6413a" if k % 2 else "#b8524a",
                )
            band = left + 4 * unit if side == 0 else right - 4 * unit
            pen.box(band - 22 * unit, 0.49 * h, band + 22 * unit, 0.51 * h, "#f0c27b", 5 * unit)
        pen.box(left - 24 * unit, top - 30 * unit, right + 24 * unit, top - 8 * unit, "#7d4a3d", 8 * unit)
        cx, cy = 0.34 * w, sill + 14 * unit
        pen.oval(cx, cy + 1 * unit, 62 * unit, 9 * unit, "#e8ddd0")
        pen.oval(cx + 44 * unit, cy - 34 * unit, 19 * unit, 19 * unit, "#f4eee6")
        pen.oval(cx + 44 * unit, cy - 34 * unit, 11 * unit, 11 * unit, "#8a6a5c")
        pen.box(cx - 40 * unit, cy - 66 * unit, cx + 40 * unit, cy, "#f4eee6", 18 * unit)
        pen.box(cx - 40 * unit, cy - 66 * unit, cx + 40 * unit, cy - 40 * unit, "#f4eee6")
        pen.box(cx + 14 * unit, cy - 60 * unit, cx + 34 * unit, cy - 8 * unit, "#dcd2c6", 10 * unit)
        pen.oval(cx, cy - 66 * unit, 40 * unit, 8 * unit, "#fffaf2")
        pen.oval(cx, cy - 65 * unit, 34 * unit, 6 * unit, "#9a4f24")
        bx = 0.7 * w
        for k, (tone, wide) in enumerate((("#2f5d62", 120), ("#d9a441", 104), ("#8c3b3b", 112))):
            pen.box(
                bx - wide * unit / 2, cy - (k + 1) * 19 * unit, bx + wide * unit / 2, cy - k * 19 * unit, tone, 4 * unit
            )
            pen.box(
                bx + wide * unit / 2 - 14 * unit,
                cy - (k + 1) * 19 * unit + 3 * unit,
                bx + wide * unit / 2,
                cy - k * 19 * unit - 3 * unit,
                "#f3e9d8",
            )

    inside = Layer.drawn(w, h, frame, scale=2)
    rows = slice(int(top) & ~1, int(sill + 2) & ~1)
    light = (
        np.clip(1 - np.abs((np.arange(w)[None, :] - np.arange(h)[:, None] * 0.6) / w + 0.02) * 5, 0, 1).astype(
            np.float32
        )
        * 9
    )

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for number, (profile, length, tone) in enumerate(bands):
            here = shifted(profile, t * length, w)
            until = int(bands[number + 1][0].max()) + 2 if number + 1 < len(bands) else int(sill) + 2
            canvas.hill(here, tone, mix(tone, sun, 0.25), soft=1.2 + 2.2 * (number == 4), until=until)
            if number == 3:
                x = (0.3 * w - t * 4 * w) % pole_gap - 0.5 * w
                win = canvas.window(x, top, x + 12 * unit, sill)
                if win is not None:
                    cover = np.clip(1 - np.abs(win.x - np.float32(x + 6 * unit)) / np.float32(6 * unit), 0, 1)
                    canvas.blend(
                        win,
                        np.broadcast_to(cover, (win.y.shape[0], win.x.shape[1])).astype(np.float32) * np.float32(0.85),
                        "#2a1d2a",
                    )
        canvas.y[rows] += light[rows]
        jolt = 1.1 * np.sin(TAU * 5 * t) * unit
        canvas.stamp(inside, 0, 0)
        for k in range(5):
            age = (2 * t + k / 5) % 1.0
            px = 0.34 * w + (8 * np.sin(age * 7 + k * 2)) * unit
            canvas.haze(
                px,
                sill - (62 + 90 * age) * unit + jolt,
                (14 + 22 * age) * unit,
                "#fff1e0",
                0.3 * (1 - age) * min(age * 5, 1),
            )
        return canvas

    return draw


SKIES = {
    "neon": ramp(
        (0, "#0b0428"), (0.3, "#3a0f6b"), (0.47, "#b5257f"), (0.545, "#ff8a5c"), (0.55, "#1b0a3a"), (1, "#0d0524")
    ),
    "neon_sun": ramp((0, "#ffe66d"), (0.45, "#ff9e4f"), (0.75, "#ff4f8b"), (1, "#d1239b")),
    "mint_night": ramp(
        (0, "#03142b"), (0.3, "#063a5b"), (0.47, "#0f8a8f"), (0.545, "#b8ffcf"), (0.55, "#04142a"), (1, "#020b1a")
    ),
    "mint_sun": ramp((0, "#f9ffdc"), (0.5, "#9dffb0"), (1, "#1fd6c1")),
    "town": ramp((0, "#14163f"), (0.4, "#3a2f6e"), (0.65, "#8c4a7a"), (0.78, "#e08a6b"), (1, "#1a1838")),
    "evening": ramp((0, "#4a5aa8"), (0.2, "#8f7cc0"), (0.38, "#ffb088"), (0.5, "#ffd9a0"), (1, "#ffe0b0")),
}
