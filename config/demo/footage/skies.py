"""Night and morning skies: aurora, star trails, the moon over water, clouds, lanterns, fireworks."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, doubled, halved, light_of, mix, ramp, smoothstep, yuv
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.noise import Swell, field, line
from config.demo.footage.scene import Draw, Stage


def stars(stage: Stage, count: int, *, below: float = 1.0, part: int = 1) -> Floats:
    """Luma of a sky of small stars (h, w); none lower than the share `below` of the height."""
    h, w = stage.size(part)
    sky = np.zeros((h + 4, w + 4), np.float32)
    size = stage.rng.pareto(2.2, count).clip(0, 5) + 0.5
    ys, xs = stage.rng.uniform(0, h * below, count), stage.rng.uniform(0, w, count)
    fade = np.clip(1.25 - ys / (h * below), 0, 1)
    for x, y, bright in zip(xs, ys, size * fade * 48, strict=True):
        row, column = int(y), int(x)
        sky[row + 1, column + 1] += bright
        for dy, dx in ((0, 1), (1, 0), (1, 2), (2, 1)):
            sky[row + dy, column + dx] += bright * 0.38
    return np.minimum(sky[1 : h + 1, 1 : w + 1], 200)


def pines(stage: Stage, base: Floats, *, height: tuple[float, float], gap: float) -> Floats:
    """A skyline with fir trees standing on a base line (pixels, one for each column)."""
    w = base.size
    top = base.copy()
    x = np.arange(w, dtype=np.float32)
    at = -gap * stage.w
    while at < w + gap * stage.w:
        tall = stage.rng.uniform(*height) * stage.w
        foot = base[int(np.clip(at, 0, w - 1))] + 2
        drop = np.abs(x - at)
        # tiers of branches: the outline falls gently to the tip of a tier and then steps down to the next
        level = np.clip(drop / (0.26 * tall), 0, 1) * 7
        rise = 1 - (np.floor(level) + 0.5 * (level % 1)) / 7
        top = np.where(level < 7, np.minimum(top, foot - tall * rise), top)
        at += stage.rng.uniform(0.4, 1.5) * gap * stage.w
    return top.astype(np.float32)


def ridge(
    stage: Stage, level: float, rough: float, *, detail: float = 1.4, high: float = 60, margin: int = 0
) -> Floats:
    """A hill line in pixels for each column around the share `level` of the height."""
    shape = line(stage.rng, 2 * (stage.w + margin), detail, 1, high)[: stage.w + margin]
    return (np.float32(level * stage.h) + shape * np.float32(rough * stage.w)).astype(np.float32)


def aurora(stage: Stage, *, colours: tuple[str, str], night: Floats, trees: bool = True) -> Draw:
    """Curtains of light over firs and a still lake."""
    shore = 0.68
    h, w = stage.size(4)
    rows = int(h * shore)
    x = np.arange(w, dtype=np.float32)[None, :]
    y = np.arange(rows, dtype=np.float32)[:, None]
    backdrop = stage.gradient(night)
    sky = Canvas.painting(backdrop)
    sky.y += stars(stage, 420, below=shore)
    tones = [light_of(colour) for colour in colours]
    rng = stage.rng
    curtains = []
    for number in range(3):
        wander = [(k, rng.uniform(0, TAU), rng.uniform(0.5, 1)) for k in (1, 2, 3)]
        streak = Swell([(n, line(rng, w, 0.9, 3, 40), line(rng, w, 0.9, 3, 40)) for n in (1, 2)])
        veil = Swell(
            [
                (1, 0.3 * line(rng, w, 1.5, 1, 4), 0.3 * line(rng, w, 1.5, 1, 4)),
                (0, np.full(w, 0.75, np.float32), np.zeros(w, np.float32)),
            ]
        )
        curtains.append((0.46 + 0.15 * number, wander, streak, veil, 1.0 - 0.2 * number))
    far = ridge(stage, shore - 0.05, 0.035, high=24)
    near = ridge(stage, shore + 0.002, 0.006, high=12)
    if trees:
        near = pines(stage, near, height=(0.07, 0.19), gap=0.07)
    cut = int(stage.h * shore) & ~3
    ripple = field(rng, (stage.h - cut, 8), 0.8, 1, 40)[:, :1] * np.linspace(0.3, 3.2, stage.h - cut)[:, None]
    ripple_too = field(rng, (stage.h - cut, 8), 0.8, 1, 40)[:, :1] * np.linspace(0.3, 3.2, stage.h - cut)[:, None]
    water = np.linspace(0.72, 0.4, stage.h - cut, dtype=np.float32)[:, None]
    line_of = np.arange(stage.h - cut, dtype=np.float32)[:, None]

    def draw(t: float) -> Canvas:
        total = [np.zeros((rows, w), np.float32) for _ in tones]
        for level, wander, streak, veil, gain in curtains:
            foot = np.full_like(x, level * rows * 1.28)
            for k, phase, size in wander:
                foot += np.float32(size * rows * 0.085 / k) * np.sin(
                    x * np.float32(TAU * k * 0.8 / w) + np.float32(TAU * t * (1 if k != 2 else -1) + phase)
                )
            rays = np.clip(0.66 + 0.26 * streak.at(t), 0.08, 1.5)[None, :]
            up = (foot - y) * np.float32(1 / rows)
            long = np.float32(0.15) + np.float32(0.14) * rays
            foot_light = np.exp(np.minimum(up, 0) * np.float32(17) - np.minimum(up, 0) ** 2 * np.float32(260))
            body = rays * np.exp(-np.maximum(up, 0) / long) * foot_light * veil.at(t)[None, :] * np.float32(gain)
            high = np.clip(up * np.float32(2.3), 0, 1)
            total[0] += body * (1 - high)
            total[1] += body * high
        light = [sum((total[k] * tones[k][c] for k in range(2)), np.float32(0)) for c in range(3)]
        canvas = sky.copy()
        top = rows * 4
        canvas.y[:top] += doubled(doubled(light[0]))
        canvas.u[: top // 2] += doubled(light[1])
        canvas.v[: top // 2] += doubled(light[2])
        canvas.hill(far, mix(night[:, 600], "#04070d", 0.55), "#05080e")
        canvas.hill(near, "#02050a", "#02050a")
        wave = ripple * np.float32(np.cos(TAU * t)) + ripple_too * np.float32(np.sin(TAU * t))
        source = np.clip(cut - 2 - line_of * 1.05 + wave * 2.2, 0, cut - 1)[:, 0].astype(np.intp)
        canvas.y[cut:] = (canvas.y[source] - 16) * water + 16 + 3
        small = source[::2] // 2
        canvas.u[cut // 2 :] = (canvas.u[small] - 128) * water[::2] + 130
        canvas.v[cut // 2 :] = (canvas.v[small] - 128) * water[::2] + 127
        return canvas

    return draw


def star_trails(stage: Stage, *, night: Floats, tint: tuple[str, str] = ("#ffd9a0", "#9fc5ff")) -> Draw:
    """Stars that draw circles around the pole, over a tent with a light in it."""
    x, y = stage.grid(1)
    px, py = x + np.float32(0.06), y + np.float32(0.16)
    reach = np.hypot(px, py)
    turns = (np.arctan2(py, px) / np.float32(TAU) + 0.5) * np.float32(4096)
    rows = 760
    ring = np.minimum(reach * np.float32(rows / 1.2), rows - 1)
    at = ring.astype(np.int32) * 8192 + np.minimum(turns.astype(np.int32), 4094) + 4096
    rng = stage.rng
    trails = np.zeros((rows, 4096), np.float32)
    # five-fold symmetry lets a fifth of a turn close the loop
    count = 330
    for row, start, long, bright in zip(
        rng.integers(6, rows, count),
        rng.integers(0, 819, count),
        rng.integers(90, 420, count),
        rng.pareto(1.6, count).clip(0, 3) + 0.4,
        strict=True,
    ):
        tail = (np.arange(start - long, start) % 819).astype(np.intp)
        trails[row, tail] = np.maximum(
            trails[row, tail], np.linspace(0, 1, long, dtype=np.float32) ** 1.6 * bright * 62
        )
    for k in range(1, 5):
        trails[:, 819 * k : 819 * (k + 1)] = trails[:, :819]
    trails[:, 4095] = trails[:, 0]
    trails[1:] += 0.3 * trails[:-1]
    flat = np.concatenate([trails[:, -1:], trails[:, :4095], trails[:, :1], trails[:, :4095]], axis=1).ravel()
    warm = rng.random(rows).astype(np.float32)
    small_ring = ring[::2, ::2].astype(np.int32)
    first, last = yuv(tint[0]) - 128, yuv(tint[1]) - 128
    hue = [(first[c] + (last[c] - first[c]) * warm.take(small_ring)) / np.float32(110) for c in (1, 2)]
    backdrop = Canvas.painting(stage.gradient(night))
    hills = ridge(stage, 0.79, 0.03, high=12)
    hills_near = pines(stage, ridge(stage, 0.87, 0.02, high=8), height=(0.1, 0.27), gap=0.12)
    cut = int(np.minimum(hills, hills_near).max()) // 2 * 2 + 2
    at = np.ascontiguousarray(at[:cut])
    hue = [part[: cut // 2] for part in hue]
    tent_x, tent_y, half = 0.63 * stage.w, 0.915 * stage.h, 0.1 * stage.w

    def draw(t: float) -> Canvas:
        canvas = backdrop.copy()
        light = flat.take(at - np.int32(819 * t))
        canvas.y[:cut] += light
        small = halved(light)
        canvas.u[: cut // 2] += small * hue[0]
        canvas.v[: cut // 2] += small * hue[1]
        canvas.hill(hills, "#131a3d", "#0a0e22")
        canvas.hill(hills_near, "#070a18", "#04060e")
        flicker = 1 + 0.06 * np.sin(TAU * t * 3) + 0.04 * np.sin(TAU * t * 7)
        canvas.glow(tent_x, tent_y - half * 0.4, half * 3.2, "#b3541e", 0.55 * flicker)
        win = canvas.window(tent_x - half * 1.2, tent_y - half * 1.2, tent_x + half * 1.2, tent_y + 2)
        if win is not None:
            side = half * (tent_y - win.y) / (half * 1.05)
            roof = np.clip(half - np.abs(win.x - tent_x) - side, -1, 1) * 0.5 + 0.5
            roof = roof * (win.y < tent_y)
            inner = np.exp(-((win.x - tent_x) ** 2 + (win.y - tent_y + half * 0.3) ** 2) / (half * 0.5) ** 2)
            tone = yuv("#c8571b")[:, None, None] + (yuv("#ffe3a1") - yuv("#c8571b"))[
                :, None, None
            ] * inner * np.float32(flicker)
            canvas.blend(win, roof.astype(np.float32), tone.astype(np.float32))
            pole = np.clip(1.6 - np.abs(win.x - tent_x - (tent_y - win.y) * 0.0), 0, 1) * roof * 0.5
            canvas.blend(win, pole.astype(np.float32), "#7a2f0c")
        return canvas

    return draw


def moon_phases(stage: Stage, *, night: Floats, glow: str = "#8fb4ff") -> Draw:
    """The moon runs through its phases above the sea."""
    horizon = int(stage.h * 0.66) & ~1
    sky = Canvas.painting(stage.gradient(night))
    sky.y[:horizon] += stars(stage, 260, below=0.62)[:horizon]
    hill_far = ridge(stage, 0.652, 0.012, high=10)
    radius, mx, my = 0.2 * stage.w, 0.5 * stage.w, 0.3 * stage.h
    win = sky.window(mx - radius - 2, my - radius - 2, mx + radius + 2, my + radius + 2)
    assert win is not None
    dx, dy = (win.x - mx) / np.float32(radius), (win.y - my) / np.float32(radius)
    far = np.sqrt(dx**2 + dy**2)
    disc = np.clip((1 - far) * np.float32(radius) + 0.5, 0, 1).astype(np.float32)
    height = np.sqrt(np.clip(1 - far**2, 0, 1))
    rough = field(stage.rng, far.shape, 1.3, 2, 30) if min(far.shape) > 8 else np.zeros_like(far)
    surface = np.float32(205) + np.clip(rough, -1.6, 0.6) * 24
    for _ in range(16):
        cx, cy, size = stage.rng.uniform(-0.7, 0.7), stage.rng.uniform(-0.7, 0.7), stage.rng.uniform(0.03, 0.14)
        ring = np.hypot(dx - cx, dy - cy) / size
        surface = surface - 16 * np.exp(-((ring / 0.8) ** 4)) + 14 * np.exp(-(((ring - 1) / 0.16) ** 2))
    rows = stage.h - horizon
    v = np.arange(rows, dtype=np.float32)[:, None] / rows
    u = (np.arange(stage.w, dtype=np.float32)[None, :] - np.float32(mx)) / stage.w
    rng = stage.rng
    pairs = []
    depth = 1 / (v + 0.12)
    for turns in (2, 3, 5):
        cosine, sine = np.float32(0), np.float32(0)
        for _ in range(4):
            k, lean, phase = rng.uniform(12, 75), rng.uniform(-22, 22), rng.uniform(0, TAU)
            angle = depth * k + u * depth * lean + phase
            cosine, sine = cosine + np.cos(angle), sine + np.sin(angle)
        pairs.append((turns, np.asarray(cosine, np.float32), np.asarray(sine, np.float32)))
    waves = Swell(pairs)
    path = np.exp(-((u / (0.05 + 0.2 * v)) ** 2)).astype(np.float32)
    tone = light_of(glow)
    behind = [
        plane[where].copy()
        for plane, where in zip((sky.y, sky.u, sky.v), (win.luma, win.chroma, win.chroma), strict=True)
    ]

    def draw(t: float) -> Canvas:
        canvas = sky.copy()
        phase = TAU * (t + 0.36)
        sun_x, sun_z = np.float32(np.sin(phase)), np.float32(-np.cos(phase))
        lit = np.clip((dx * sun_x + height * sun_z) * 3.2 + 0.12, 0, 1)
        full = float(0.5 - 0.5 * np.cos(phase))
        canvas.glow(mx, my, radius * 3.6, glow, 0.12 + 0.3 * full)
        cover = disc * (np.float32(0.1) + np.float32(0.88) * lit)
        luma = canvas.y[win.luma]
        luma += disc * (behind[0] - luma)  # the glow does not shine through the dark side
        luma += cover * (surface - luma)
        round_half, small = halved(disc), halved(cover)
        for plane, back, value in ((canvas.u, behind[1], 125), (canvas.v, behind[2], 130)):
            target = plane[win.chroma]
            target += round_half * (back - target)
            target += small * (value - target)
        canvas.hill(hill_far, "#0b1230", "#0b1230")
        canvas.y[horizon:] = sky.y[horizon:] * np.float32(0.55) + 8
        canvas.u[horizon // 2 :] = sky.u[horizon // 2 :]
        canvas.v[horizon // 2 :] = sky.v[horizon // 2 :]
        sparkle = np.clip(waves.at(t) * np.float32(0.36) - 0.2, 0, 1.5)
        light = sparkle * (path * np.float32(0.25 + 0.9 * full) + np.float32(0.05))
        canvas.y[horizon:] += light * tone[0]
        small = halved(light)
        canvas.u[horizon // 2 :] += small * tone[1]
        canvas.v[horizon // 2 :] += small * tone[2]
        return canvas

    return draw


def clouds(
    stage: Stage, *, sky: Floats, light: str, shadow: str, sun: tuple[float, float], ground: tuple[str, str]
) -> Draw:
    """A time lapse: banks of cloud roll over a dark hill with a single tree."""
    x, y = stage.grid(4)
    rng = stage.rng
    side = 512
    big = field(rng, (side, side), 1.9, 3, 40).ravel()
    fine = (field(rng, (side, side), 1.3, 8, 80) * np.float32(0.42)).ravel()
    rows = int(stage.h * 0.94) // 8 * 2
    lid = (np.maximum(np.float32(0.8) - y, 0.1) + np.float32(0.16))[:rows]  # a flat ceiling of cloud in perspective
    column = (x / lid * side * 0.95).astype(np.int32) + side * 8
    row = np.broadcast_to((side * 0.95 / lid).astype(np.int32), column.shape)
    thin = np.clip(lid * 2.2 - 0.5, 0, 1)
    backdrop = stage.gradient(sky, 2)
    x2, y2 = stage.grid(2)
    away = np.hypot(x2 - np.float32(sun[0]), y2 - np.float32(sun[1]))
    halo = (np.exp(-((away / 0.42) ** 2)) * 0.55 + np.exp(-((away / 0.12) ** 2)) * 0.9).astype(np.float32)
    bright, dark = yuv(light)[:, None, None], yuv(shadow)[:, None, None]
    backdrop = backdrop + np.minimum(halo, 1) * np.float32(0.8) * (bright - backdrop)
    halo = halo[::2, ::2][:rows] * np.float32(0.5)
    hill = ridge(stage, 0.9, 0.02, high=5)
    xs = np.arange(stage.w, dtype=np.float32)
    hill = (hill - 0.05 * stage.w * np.exp(-(((xs - 0.66 * stage.w) / (0.3 * stage.w)) ** 2))).astype(np.float32)
    unit, tone = 0.36 * stage.w, ground[1]
    crown = [(rng.normal(0.5, 0.14), rng.normal(0.36, 0.09), rng.uniform(0.05, 0.12)) for _ in range(60)]

    def tree(pen: Pen) -> None:
        pen.polygon(
            [(0.47 * unit, unit), (0.49 * unit, 0.5 * unit), (0.515 * unit, 0.5 * unit), (0.54 * unit, unit)], tone
        )
        pen.line([(0.505 * unit, 0.68 * unit), (0.62 * unit, 0.48 * unit)], tone, 0.018 * unit)
        pen.line([(0.5 * unit, 0.62 * unit), (0.38 * unit, 0.44 * unit)], tone, 0.015 * unit)
        for cx, cy, size in crown:
            pen.oval(cx * unit, cy * unit, size * unit, size * 0.8 * unit, tone)

    plant = Layer.drawn(unit, unit, tree)
    tree_x, tree_y = int(0.66 * stage.w - unit / 2), int(hill[int(0.66 * stage.w)] - unit + 5)
    top_rows = rows * 2

    def sample(texture: Floats, shift: float, rise: int = 0) -> Floats:
        return texture.take((((row + rise) & (side - 1)) << 9) + ((column + int(shift)) & (side - 1)))

    def draw(t: float) -> Canvas:
        far = sample(fine, side * 2 * t)
        mass = sample(big, side * t) + far
        above = sample(big, side * t + 40 * sun[0], -9) + sample(fine, side * 2 * t, -5)
        cover = doubled(smoothstep(-0.2, 1.2, mass + np.float32(0.1)) * thin * np.float32(0.94))
        lit = doubled(np.clip(0.42 + (mass - above) * 0.42 + halo, 0, 1).astype(np.float32))
        planes = backdrop.copy()
        for plane, first, last in zip(planes, dark, bright, strict=True):
            part = plane[:top_rows]
            part += cover * (first + lit * (last - first) - part)
        canvas = Canvas.sharp(planes)
        canvas.stamp(plant, tree_x, tree_y)
        canvas.hill(hill, *ground)
        return canvas

    return draw


NIGHTS = {
    "aurora": ramp((0, "#050b24"), (0.4, "#0a1c3d"), (0.68, "#12385a"), (1, "#06121e")),
    "violet": ramp((0, "#0b0626"), (0.4, "#241048"), (0.68, "#4a1f63"), (1, "#0d0620")),
    "trails": ramp((0, "#060818"), (0.45, "#101a4a"), (0.72, "#2f3d86"), (0.85, "#c4677a"), (1, "#f2a65a")),
    "moon": ramp((0, "#060a1f"), (0.4, "#0f1d4a"), (0.655, "#35508f"), (0.66, "#16265a"), (1, "#050818")),
}
SKIES = {
    "ember": ramp((0, "#27305f"), (0.35, "#7d4b84"), (0.6, "#e8735d"), (0.82, "#ffc46b"), (1, "#ffe3a3")),
    "noon": ramp((0, "#1f6fc4"), (0.5, "#63b3ed"), (0.85, "#cdeafc"), (1, "#f3fbff")),
}
