"""Water from above, from the shore and through a window."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, light_of, mix, ramp, shade, smoothstep, yuv
from config.demo.footage.noise import Swell, field, line
from config.demo.footage.scene import Draw, Stage


def open_sea(stage: Stage, part: int, rows: int, *, turns: tuple[int, ...] = (1, 2, 3), waves: int = 5) -> Swell:
    """Waves seen in perspective on the lowest `rows` rows: heights of about -2..2 that get finer to the horizon."""
    _, w = stage.size(part)
    v = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    u = np.linspace(-0.5, 0.5, w, dtype=np.float32)[None, :]
    depth = 1 / (v + np.float32(0.09))
    pairs = []
    for turn in turns:
        cosine, sine = np.float32(0), np.float32(0)
        for _ in range(waves):
            k = stage.rng.uniform(6, 20) * turn
            angle = depth * np.float32(k) + u * depth * np.float32(stage.rng.uniform(-0.8, 0.8) * k * 0.8)
            angle = angle + np.float32(stage.rng.uniform(0, TAU))
            cosine, sine = cosine + np.cos(angle), sine + np.sin(angle)
        gain = np.float32(1 / np.sqrt(waves * len(turns) / 2))
        pairs.append((turn, np.asarray(cosine * gain, np.float32), np.asarray(sine * gain, np.float32)))
    return Swell(pairs)


def ocean(stage: Stage, *, sky: Floats, deep: str, sun: str, sun_at: float, size: float = 0.15) -> Draw:
    """A swell that mirrors the evening sky, with the sun's path on it."""
    h, w = stage.size(2)
    horizon = int(h * 0.47)
    x, y = stage.grid(2)
    planes = stage.gradient(sky, 2)
    level = np.float32((horizon - h / 2) / w)
    cx, cy = np.float32(0.06), level - np.float32(sun_at)
    away = np.hypot(x - cx, y - cy)
    light = yuv(sun)[:, None, None]
    planes += np.clip(np.exp(-((away / 0.3) ** 2)) * 0.75, 0, 1) * (light - planes)
    streaks = field(stage.rng, (h, w), 1.5, 1, 30)
    bars = Swell(
        [(0, np.repeat(field(stage.rng, (h, w // 8), 1.4, 2, 40), 8, 1)[:, :w], np.zeros((h, w), np.float32))]
    ).at(0)
    kernel = np.hanning(27).astype(np.float32) / 13
    bars = np.apply_along_axis(lambda row: np.convolve(row, kernel, mode="same"), 1, bars)
    cloud = smoothstep(0.5, 2.4, bars + streaks * 0.3) * np.exp(-(((level - y - 0.2) / 0.24) ** 2)) * 0.75
    planes += cloud * (mix(sun, deep, 0.3)[:, None, None] - planes)
    disc = np.clip((size - away) * w + 0.5, 0, 1) * (y < level)
    planes += disc * (mix(sun, "#ffffff", 0.6)[:, None, None] - planes)
    rows = h - horizon
    v = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    swell = open_sea(stage, 2, rows)
    fine = open_sea(stage, 2, rows, turns=(4, 6), waves=4)
    path = np.exp(-(((x - cx) / (0.07 + 0.25 * v)) ** 2)).astype(np.float32)
    base = np.clip(0.97 - 0.62 * v, 0, 1) * 0.47
    body = yuv(deep)[:, None, None]
    murk = (0.22 + 0.5 * v).astype(np.float32)
    top = light_of(mix(sun, "#ffffff", 0.35))

    def draw(t: float) -> Canvas:
        frame = planes.copy()
        big, small = swell.at(t), fine.at(t)
        height = big + small * np.float32(0.45)
        water = shade(sky, np.clip(base - height * (np.float32(0.03) + v * np.float32(0.085)), 0.02, 0.468))
        water += murk * (body - water)
        water[0] += height * (3 + 7 * v)
        glint = np.clip(height * np.float32(0.75) - np.float32(0.35), 0, 1.5) * path * (1.05 - 0.45 * v)
        for plane, tone in zip(water, top, strict=True):
            plane += glint * tone
        frame[:, horizon:] = water
        return Canvas.soft(frame)

    return draw


def beach(stage: Stage) -> Draw:
    """A beach from above: turquoise water, lace of foam, wet sand."""
    h, w = stage.size(2)
    rng = stage.rng
    x, y = stage.grid(2)
    edge = [Swell([(1, line(rng, w, 1.3, 1, 9)[None, :], line(rng, w, 1.3, 1, 9)[None, :])]) for _ in range(3)]
    broken = np.clip(0.62 + field(rng, (h, w), 1.0, 5, 60) * 0.3, 0, 1).astype(np.float32)
    lace = [np.abs(field(rng, (h, w), 0.75, 9, 46)) for _ in range(2)]
    foam = np.exp(-np.minimum(lace[0], lace[1] + 0.15) * 6.5).astype(np.float32)
    dunes = field(rng, (h, w), 1.2, 2, 60)
    sand = shade(ramp("#d9b07c", "#ecc995", "#f7dfb4"), dunes * 0.14 + 0.55)
    sand[0] += field(rng, (h, w), 0.3, 30, 140) * 3
    for _ in range(26):
        sx, sy, size = int(rng.integers(4, w - 5)), int(rng.uniform(0.72, 0.99) * h), int(rng.integers(1, 3))
        sand[0, sy : sy + size, sx : sx + size] += rng.uniform(-40, 30)
    sea = ramp(
        (0, "#0b5f8a"), (0.35, "#0f8fae"), (0.62, "#27b9bd"), (0.82, "#7fdccb"), (0.95, "#c9f0dc"), (1, "#e6f7e4")
    )
    ripples = Swell.of(rng, (h, w), 1.1, low=4, high=40, turns=(1, 2))
    wet = yuv("#a9804f")[:, None, None]
    white = np.array([232, 127, 128], np.float32)[:, None, None]

    def draw(t: float) -> Canvas:
        planes = sand.copy()
        reach = np.float32(0.2 + 0.13 * np.sin(TAU * t))
        bends = [e.at(t) * np.float32(0.028) for e in edge]
        shore = reach + bends[0]
        high = np.float32(0.335) + bends[1] * np.float32(0.4)
        damp = smoothstep(0.03, -0.02, y - high) * np.float32(0.62 + 0.2 * np.sin(TAU * (t - 0.12)))
        planes += damp * (wet - planes)
        gone = y - shore
        ripple = ripples.at(t)
        depth = np.clip(1 + gone * np.float32(0.95) + ripple * np.float32(0.018) * np.clip(-gone * 4, 0.15, 1), 0, 1)
        water = shade(sea, depth)
        water[0] += np.clip(ripple - 0.9, 0, 2) * 9
        cover = smoothstep(0.004, -0.006, gone) * np.clip(np.float32(0.62) - gone * 5, 0.55, 1)
        planes += cover * (water - planes)
        white_share = np.zeros_like(gone)
        for k in range(4):
            # lines of surf set out far away and reach the edge one after the other
            progress = ((k + t) % 4) / 4
            where = gone + np.float32(1.05 * (1 - progress) ** 1.4) + bends[1 + k % 2] * np.float32(1.2 - progress)
            width = np.float32(0.015 + 0.12 * progress)
            strength = np.float32(np.clip(progress * 2.2, 0, 1) * (1 - progress**8))
            near = np.flatnonzero((where.max(axis=1) > -width) & (where.min(axis=1) < 0.05))
            if strength < 0.02 or near.size == 0:
                continue
            band = slice(near[0], near[-1] + 1)
            where = where[band]
            tail = np.clip(1 + where / width, 0, 1) * (where < 0)
            crest = np.exp(-((where / np.float32(0.008 + 0.006 * progress)) ** 2)) * broken[band]
            white_share[band] += strength * (tail * tail * foam[band] * np.float32(1.25) + crest)
        fringe = np.exp(-((gone / 0.008) ** 2)) + np.clip(1 + gone / 0.13, 0, 1) * (gone < 0) * foam
        white_share = np.clip(white_share * (gone < 0.004) + fringe, 0, 1)
        planes += white_share * np.float32(0.94) * (white - planes)
        return Canvas.soft(planes)

    return draw


def pool(stage: Stage, *, tiles: Floats, ring: tuple[str, str]) -> Draw:
    """A swimming pool in the sun, with a swim ring adrift on it."""
    h, w = stage.size(2)
    rng = stage.rng
    x, y = stage.grid(2)
    bend = [Swell.of(rng, (h, w), 1.7, low=2, high=20, turns=(1, 2)) for _ in range(2)]
    webs = [Swell.of(rng, (h, w), 1.25, low=4, high=24, turns=(1, 2)) for _ in range(2)]
    tint = (rng.uniform(0, 1, (64, 64)) ** 2).astype(np.float32).ravel()
    scale = np.float32(8.5)

    def draw(t: float) -> Canvas:
        dx, dy = bend[0].at(t), bend[1].at(t)
        gx = (x + 2) * scale + dx * np.float32(0.12)
        gy = (y + 2) * scale + dy * np.float32(0.12)
        ix, iy = gx.astype(np.int32), gy.astype(np.int32)
        tone = tint.take((iy & 63) * 64 + (ix & 63))
        fx, fy = np.abs(gx - ix - np.float32(0.5)), np.abs(gy - iy - np.float32(0.5))
        joint = smoothstep(0.44, 0.485, np.maximum(fx, fy))
        web = np.exp(np.abs(webs[0].at(t)) * np.float32(-4.2)) + np.exp(
            np.abs(webs[1].at(t)) * np.float32(-5.5)
        ) * np.float32(0.8)
        planes = shade(
            tiles, np.float32(0.18) + tone * np.float32(0.3) + joint * np.float32(0.32) + web * np.float32(0.16)
        )
        planes[0] += web * web * 34 + (dx + dy) * 4
        canvas = Canvas.soft(planes)
        angle = TAU * t
        cx, cy = (0.5 + 0.07 * np.cos(angle)) * w, (0.47 + 0.045 * np.sin(angle)) * h
        outer, inner = 0.27 * w, 0.135 * w
        middle, thick = (outer + inner) / 2, (outer - inner) / 2
        for sx, sy, shadow in ((20, 34, True), (0, 0, False)):
            px, py = float(cx) + sx * stage.unit / 2, float(cy) + sy * stage.unit / 2
            win = canvas.window(px - outer - 6, py - outer - 6, px + outer + 6, py + outer + 6)
            if win is None:
                continue
            ox, oy = win.x - px, win.y - py
            far = np.sqrt(ox * ox + oy * oy) + np.float32(1e-3)
            tube = (far - np.float32(middle)) / np.float32(thick)
            if shadow:
                spread = (dx[win.luma] + dy[win.luma]) * np.float32(0.14)
                canvas.blend(win, smoothstep(1.12, 0.8, np.abs(tube + spread)) * np.float32(0.34), "#06384f")
                continue
            cover = np.clip((1 - np.abs(tube)) * np.float32(thick) + np.float32(0.5), 0, 1)
            stripe = (np.arctan2(oy, ox) / np.float32(TAU) + np.float32(0.14 * np.sin(angle) + 1)) * 8 % 1
            paint = smoothstep(0.46, 0.5, np.abs(stripe - np.float32(0.5)) + np.float32(0.235))
            first, last = yuv(ring[0]), yuv(ring[1])
            colour = first[:, None, None] + (last - first)[:, None, None] * paint
            round_light = np.sqrt(np.clip(1 - tube * tube, 0, 1))
            lit = (-ox - oy) / far * tube * np.float32(0.7)
            colour[0] = (colour[0] - 16) * np.clip(0.58 + 0.45 * round_light + 0.16 * lit, 0, 1.15) + 16
            spot = np.exp(-(((tube + 0.38 * np.sign(ox + oy)) / 0.13) ** 2)) * np.clip(
                np.abs(ox + oy) / far - 0.75, 0, 1
            )
            colour[0] += spot * 190
            canvas.blend(win, cover, np.asarray(colour, np.float32))
        return canvas

    return draw


def rain_window(stage: Stage, *, night: Floats, lights: tuple[str, ...]) -> Draw:
    """Drops on a window; behind it the blurred lights of a city."""
    h, w = stage.size(2)
    rng = stage.rng
    scene = Canvas.soft(stage.gradient(night, 2))
    groups = []
    for _ in range(3):
        layer = Canvas.blank(h, w, "#000000", sub=False)
        for _ in range(22):
            level = rng.beta(2.4, 2.2)
            radius = rng.uniform(0.03, 0.095) * w * (0.6 + level * 0.7)
            px, py = rng.uniform(-0.02, 1.02) * w, (0.22 + 0.66 * level) * h
            win = layer.window(px - radius - 2, py - radius - 2, px + radius + 2, py + radius + 2)
            if win is not None:
                far = np.sqrt((win.x - px) ** 2 + (win.y - py) ** 2) / radius
                spot = np.clip((1 - far) * radius / 2.5, 0, 1) * (0.55 + 0.45 * far**4)
                layer.add(
                    win, np.asarray(spot * rng.uniform(0.3, 0.72), np.float32), lights[int(rng.integers(len(lights)))]
                )
        groups.append(np.stack([layer.y - 16, layer.u - 128, layer.v - 128]))
    # small resting drops: each shows what is behind it upside down
    rows, columns = np.mgrid[0:h, 0:w].astype(np.float32)
    dy, dx, rim = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)

    def lens(
        px: float, py: float, radius: float, tall: float
    ) -> tuple[tuple[slice, slice], Floats, Floats, Floats] | None:
        y0, y1 = max(int(py - radius * tall) - 1, 0), min(int(py + radius * tall) + 2, h)
        x0, x1 = max(int(px - radius) - 1, 0), min(int(px + radius) + 2, w)
        if y1 <= y0 or x1 <= x0:
            return None
        ox, oy = (columns[y0:y1, x0:x1] - px) / radius, (rows[y0:y1, x0:x1] - py) / (radius * tall)
        return np.s_[y0:y1, x0:x1], ox, oy, np.sqrt(ox * ox + oy * oy)

    for _ in range(330):
        radius = rng.uniform(1.4, 5.2) if rng.random() < 0.86 else rng.uniform(5, 9)
        found = lens(rng.uniform(0, w), rng.uniform(0, h), radius, rng.uniform(1.0, 1.25))
        if found is None:
            continue
        where, ox, oy, far = found
        inside = far < 1
        dy[where] = np.where(inside, -oy * (40 + 5 * radius), dy[where])
        dx[where] = np.where(inside, -ox * (26 + 3 * radius), dx[where])
        shine = np.exp(-(((ox + 0.35) / 0.28) ** 2) - ((oy + 0.42) / 0.25) ** 2) * 62 - np.clip(
            far - 0.62, 0, 1
        ) * 74 * (0.35 - oy)
        rim[where] = np.where(inside, shine, rim[where])
    static = np.clip(rows + dy, 0, h - 1).astype(np.intp) * w + np.clip(columns + dx, 0, w - 1).astype(np.intp)
    runners = [
        (rng.uniform(0.06, 0.94), rng.uniform(0, 1), rng.uniform(6.5, 11), rng.uniform(0, TAU)) for _ in range(9)
    ]
    mist = (np.exp(-(((stage.down(2) - 0.98) / 0.3) ** 2)) * 14 + 3).astype(np.float32)

    def draw(t: float) -> Canvas:
        planes = np.stack([scene.y, scene.u, scene.v])
        for number, group in enumerate(groups):
            planes += group * np.float32(0.78 + 0.3 * np.sin(TAU * (t * (1 + number % 2) + number / 3)))
        for number in range(6):
            # cars: soft discs that drift along the street
            way = (t + number / 6) % 1.0
            ahead = number % 2
            px = (1.25 * way - 0.12) * w if ahead else (1.12 - 1.25 * way) * w
            for side in (-1, 1):
                Canvas.soft(planes).glow(
                    px + side * 0.03 * w, (0.775 + 0.04 * ahead) * h, 0.055 * w, "#ffe2a0" if ahead else "#ff3b30", 0.45
                )
        planes[0] += mist
        flat = planes.reshape(3, -1)
        glass = np.stack([plane.take(static) for plane in flat])
        glass[0] += rim
        for x, start, radius, phase in runners:
            age = (t + start) % 1.0
            fall = age + 0.05 * np.sin(age * TAU * 3 + phase) / 3
            px = x * w + 5 * np.sin(age * 9 + phase)
            py = (fall * 1.3 - 0.12) * h
            # the trail wipes the small drops away and leaves a thread of beads
            top = int(max(py - 0.34 * h, 0))
            if py > 0:
                bottom = min(int(py), h)
                ys = np.arange(top, bottom)
                if ys.size:
                    xs = x * w + 5 * np.sin((age - (py - ys) / (1.3 * h)) * 9 + phase)
                    left = np.clip(xs.astype(int) - int(radius * 0.6), 0, w - 1)
                    fade = ((ys - top) / max(bottom - top, 1)).astype(np.float32)
                    for k in range(int(radius * 1.2)):
                        at = np.clip(left + k, 0, w - 1)
                        edge = 1 - abs(k / (radius * 0.6) - 1) ** 3
                        share = (fade * np.float32(edge))[None, :]
                        glass[:, ys, at] += share * (
                            planes[:, ys, at] + np.array([[5], [0], [0]], np.float32) - glass[:, ys, at]
                        )
            found = lens(float(px), float(py), radius, 1.28)
            if found is None:
                continue
            where, ox, oy, far = found
            sy = np.clip(py - oy * 95, 0, h - 1).astype(np.intp)
            sx = np.clip(px - ox * 60, 0, w - 1).astype(np.intp)
            cover = np.clip((1 - far) * radius, 0, 1)
            inner = np.stack([plane.take(sy * w + sx) for plane in flat])
            inner[0] += np.exp(-(((ox + 0.32) / 0.24) ** 2) - ((oy + 0.45) / 0.2) ** 2) * 90 - np.clip(
                far - 0.6, 0, 1
            ) * 84 * (0.4 - oy)
            glass[:, where[0], where[1]] += cover * (inner - glass[:, where[0], where[1]])
        return Canvas.soft(glass)

    return draw


SKIES = {
    "sunset": ramp(
        (0, "#2d2457"), (0.18, "#6b3a7d"), (0.33, "#d95f6f"), (0.42, "#ff9d5c"), (0.47, "#ffd68a"), (1, "#2d2457")
    ),
    "lagoon": ramp((0, "#2f80d0"), (0.25, "#6bb8ec"), (0.42, "#c9ecf7"), (0.47, "#fdf6e0"), (1, "#2f80d0")),
    "city": ramp((0, "#0c1430"), (0.4, "#1f2658"), (0.7, "#43305f"), (1, "#120f22")),
}
