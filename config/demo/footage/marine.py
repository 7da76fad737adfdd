"""Creatures in the water: jellyfish, a shoal of fish, koi under lily pads."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, doubled, mix, ramp
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.noise import Swell, field, line
from config.demo.footage.scene import Draw, Stage


def _rays(stage: Stage, part: int, lean: float = 0.35) -> tuple[Swell, Floats]:
    """Slanting shafts of light: a swell over the surface line, and for each pixel the place on it (as an index)."""
    x, y = stage.grid(part)
    h, w = stage.size(part)
    spread = (y + np.float32(1.6)) / np.float32(1.6)
    place = ((x + lean * y) / spread + np.float32(1.0)) * np.float32(256)
    swell = Swell([(n, line(stage.rng, 1024, 1.0, 6, 40), line(stage.rng, 1024, 1.0, 6, 40)) for n in (1, 2)])
    return swell, np.clip(place, 0, 1023).astype(np.intp)


def jellyfish(stage: Stage, *, deep: Floats, tones: tuple[tuple[str, str], ...]) -> Draw:
    """Glowing jellyfish that pulse upwards through dark water."""
    h, w = stage.size(2)
    rng = stage.rng
    still = Canvas.soft(stage.gradient(deep, 2))
    fade = (np.clip(0.9 - stage.down(2) * 1.15, 0, 1) ** 1.5 * 11).astype(np.float32)
    rays, place = _rays(stage, 2)
    places = ((0.5, 0.33, 0.24), (0.2, 0.16, 0.1), (0.83, 0.62, 0.135), (0.16, 0.72, 0.085), (0.74, 0.13, 0.065))
    crowd = []
    for number, (x, y, size) in enumerate(places):
        strands = [
            (rng.uniform(-0.75, 0.75), rng.uniform(0, TAU), rng.uniform(1.9, 3.4), rng.uniform(0.014, 0.032))
            for _ in range(7)
        ]
        arms = [
            (rng.uniform(-0.3, 0.3), rng.uniform(0, TAU), rng.uniform(1.2, 1.9), rng.uniform(0.06, 0.11))
            for _ in range(4)
        ]
        crowd.append((x, y, size, tones[number % len(tones)], strands, arms, rng.uniform(0, 1)))
    crowd.sort(key=lambda item: item[2])
    dust = rng.uniform(0, 1, (3, 150))

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        canvas.y += np.clip(rays.at(t) + 0.4, 0, 3).take(place) * fade
        px, py = (dust[0] + 0.02 * np.sin(TAU * (t + dust[2]))) % 1 * w, (dust[1] - t * np.round(dust[2] + 0.6)) % 1 * h
        canvas.splat(px, py, 18 + 50 * dust[2] ** 3)
        for x, y, size, (skin, heart), strands, arms, phase in crowd:
            beat = float(np.sin(TAU * (2 * t + phase)))
            rise = float(np.sin(TAU * (2 * t + phase) - 1.1))
            r = size * w
            cx = (x + 0.03 * np.sin(TAU * (t + phase))) * w
            cy = (y + 0.03 * np.cos(TAU * (t + phase))) * h - rise * r * 0.12
            wide, tall = r * (1 - 0.13 * beat), r * (0.86 + 0.16 * beat)
            near = float(np.clip(size / 0.2, 0.45, 1))
            canvas.glow(cx, cy, r * 1.9, skin, 0.3 * near)
            bottom = cy + r * 4.4
            win = canvas.window(cx - r * 1.25, cy + tall * 0.05, cx + r * 1.25, bottom)
            if win is not None:
                down = (win.y - np.float32(cy)) / np.float32(r)
                across = (win.x - np.float32(cx)) / np.float32(r)
                sums = [np.zeros((win.y.shape[0], win.x.shape[1]), np.float32) for _ in range(2)]
                for which, threads in ((0, strands), (1, arms)):
                    for root, start, long, thick in threads:
                        rows = slice(0, int(np.searchsorted(down[:, 0], 1.15 * long)))
                        depth = down[rows]
                        turn = np.float32(start + phase * TAU - 2 * TAU * t)
                        wave = np.float32(0.13) * np.sin(depth * np.float32(2.4) + turn) * np.clip(depth * 0.6, 0, 1.4)
                        at = np.float32(root * (1 - 0.13 * beat)) * (1 - np.float32(0.06) * depth) + wave
                        if depth.size == 0:
                            continue
                        low, high = np.searchsorted(across[0], (at.min() - 2 * thick, at.max() + 2 * thick))
                        life = np.clip(1.15 - depth / np.float32(long), 0, 1) * np.clip(depth * 5 + 0.4, 0, 1)
                        # a cheap bell curve: (1 - d^2)^2 within two widths
                        reach = np.clip(1 - ((across[:, low:high] - at) * np.float32(0.5 / thick)) ** 2, 0, 1)
                        sums[which][rows, low:high] += reach * reach * life
                canvas.add(win, np.minimum(sums[0], 1.2) * np.float32(0.42 * near), skin)
                canvas.add(win, np.minimum(sums[1], 1.4) * np.float32(0.34 * near), heart)
            win = canvas.window(cx - wide * 1.15, cy - tall * 1.1, cx + wide * 1.15, cy + tall * 0.45)
            if win is None:
                continue
            u, v = (win.x - np.float32(cx)) / np.float32(wide), (win.y - np.float32(cy)) / np.float32(tall)
            hem = (
                np.float32(0.2) + np.float32(0.045) * np.cos(u * 15) + np.float32(0.06 * beat) - u * u * np.float32(0.1)
            )
            far = np.sqrt(u * u + np.where(v < 0, v, v * np.float32(0.55)) ** 2)
            cover = np.clip((1 - far) * np.float32(wide) * 0.8, 0, 1) * np.clip(
                (hem - v) * np.float32(tall) * 0.8, 0, 1
            )
            ribs = np.float32(0.5) + np.float32(0.5) * np.cos(np.arctan2(u, np.float32(0.35) - v) * 16)
            shell = (
                np.float32(0.16)
                + np.float32(0.8) * far**5
                + ribs * np.float32(0.13) * far
                + np.exp(-(((v - hem + 0.07) / 0.06) ** 2)) * np.float32(0.55)
            )
            canvas.add(win, cover * shell * np.float32(0.85 * near), skin)
            core = np.exp(-((u / 0.42) ** 2) - (((v + 0.16) / 0.34) ** 2)) * (np.float32(0.55) + np.float32(0.3) * ribs)
            canvas.add(win, cover * core * np.float32(0.8 * near), heart)
            gloss = np.exp(-(((u + 0.36) / 0.16) ** 2) - (((v + 0.6) / 0.13) ** 2))
            canvas.add(win, cover * gloss * np.float32(0.4 * near), "#ffffff")
        return canvas

    return draw


def _fish(length: float, colours: tuple[str, str, str], beat: float) -> Layer:
    """A little fish that swims to the right; `beat` in 0..1 is the phase of its tail."""
    high = length * 0.62

    def paint(pen: Pen) -> None:
        s, mid = length, high / 2
        swing = 0.09 * np.sin(TAU * beat) * s
        pen.polygon(
            [
                (0.3 * s, mid),
                (0.03 * s, mid - 0.2 * s + swing),
                (0.1 * s, mid + swing),
                (0.03 * s, mid + 0.2 * s + swing),
            ],
            colours[1],
        )
        pen.polygon([(0.42 * s, mid - 0.12 * s), (0.55 * s, mid - 0.28 * s), (0.78 * s, mid - 0.1 * s)], colours[1])
        pen.polygon([(0.5 * s, mid + 0.12 * s), (0.5 * s, mid + 0.26 * s), (0.68 * s, mid + 0.1 * s)], colours[1])
        top = [(0.22 + 0.76 * k / 12, -0.17 * np.sin(np.pi * min(k / 12 * 0.92 + 0.06, 1)) ** 0.8) for k in range(13)]
        outline = [(x * s, mid + y * s) for x, y in top] + [(x * s, mid - y * s) for x, y in reversed(top)]
        pen.polygon(outline, colours[0])
        lower = [(x * s, mid - y * s * 0.98) for x, y in top[2:-1]]
        pen.polygon([*lower, (0.9 * s, mid + 0.04 * s), (0.4 * s, mid + 0.05 * s)], colours[2])
        for at in (0.45, 0.62):
            pen.line([(at * s, mid - 0.155 * s), ((at + 0.02) * s, mid + 0.15 * s)], colours[2], 0.045 * s)
        pen.oval(0.86 * s, mid - 0.035 * s, 0.034 * s, 0.034 * s, "#ffffff")
        pen.oval(0.868 * s, mid - 0.035 * s, 0.02 * s, 0.02 * s, "#10142a")
        pen.polygon(
            [
                (0.6 * s, mid + 0.02 * s),
                (0.47 * s, mid + (0.1 + 0.04 * np.sin(TAU * beat)) * s),
                (0.58 * s, mid + 0.1 * s),
            ],
            colours[1],
        )

    return Layer.drawn(length, high, paint)


def shoal(stage: Stage, *, deep: Floats, schools: tuple[tuple[str, str, str], ...]) -> Draw:
    """Shoals cross a reef under shafts of light."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    still = Canvas.painting(stage.gradient(deep))
    rays, place = _rays(stage, 4)
    fade = (np.clip(1 - stage.down(4) * 1.05, 0, 1) * 17).astype(np.float32)
    tones = [mix(deep[:, 900], "#02131f", k / 3) for k in range(3)]
    for k in range(3):
        profile = ((0.84 + 0.055 * k) * h + line(rng, w, 1.0, 2, 30) * (26 - 4 * k) * unit).astype(np.float32)
        still.hill(profile, tones[k], mix(tones[k], "#000814", 0.4))

    def weed(pen: Pen) -> None:
        for _ in range(13):
            x, tone = rng.uniform(0, w), ("#e8577d", "#f28f3b", "#7b4fa3", "#2a9d8f")[int(rng.integers(4))]
            tall = rng.uniform(0.05, 0.13) * h
            for _ in range(7):
                lean = rng.uniform(-0.6, 0.6)
                stem = [(x + lean * tall * (k / 7) ** 1.5, 0.16 * h - tall * k / 7) for k in range(8)]
                pen.line(stem, tone, rng.uniform(4, 8) * unit)
                pen.oval(*stem[-1], 5 * unit, 5 * unit, tone)

    still.stamp(Layer.drawn(w, 0.16 * h, weed, scale=2), 0, 0.845 * h, 0.72)
    groups = []
    for number, colours in enumerate(schools):
        size = (74, 44, 30, 22)[number % 4] * unit
        frames = [_fish(size, colours, k / 8) for k in range(8)]
        count = (6, 13, 20, 22)[number % 4]
        members = [(rng.normal(0, 0.16), rng.normal(0, 0.06), rng.uniform(0, 1)) for _ in range(count)]
        groups.append(
            (
                size,
                frames,
                members,
                rng.uniform(0, 1),
                0.3 + 0.16 * number + rng.uniform(-0.04, 0.04),
                0.7 + 0.1 * number,
            )
        )
    groups.reverse()
    air = rng.uniform(0, 1, (3, 22))

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        canvas.y += doubled(doubled(np.clip(rays.at(t) + 0.5, 0, 3).take(place) * fade))
        for size, frames, members, start, level, wide in groups:
            for dx, dy, phase in members:
                way = (t + start + dx) % 1.0
                x = (way * (1 + 0.35) - 0.2) * w + wide
                y = (level + dy + 0.028 * np.sin(TAU * (2 * way + start)) + 0.008 * np.sin(TAU * (2 * t + phase))) * h
                canvas.stamp(frames[int((t * 9 + phase) * 8) % 8], x, y - size * 0.3, smooth=size > 40)
        for bx, by, bs in air.T:
            x, y = (bx + 0.012 * np.sin(TAU * (2 * t + bs))) * w, ((by - t) % 1.0) * (h + 40) - 20
            r = (2.5 + 6 * bs) * unit
            canvas.disc(x, y, r, "#d8fbff", 0.2, 1.5)
            canvas.disc(x - r * 0.3, y - r * 0.35, r * 0.3, "#ffffff", 0.75, 1.2)
        return canvas

    return draw


def _koi(size: float, swim: float, colours: tuple[str, str], spots: list[tuple[float, float, float]]) -> Image.Image:
    """A koi seen from above that swims to the right, on a square of `size`; the phase of its stroke in turns."""

    def paint(pen: Pen) -> None:
        middle, long = size / 2, size * 0.78
        count = 15

        def spine(s: float) -> tuple[float, float]:
            """A point of the back: s = 0 at the nose, 1 at the root of the tail."""
            side = 0.075 * np.sin(TAU * (swim - 0.75 * s)) * (0.15 + s * s)
            along = (0.46 - 0.8 * s) * long
            return middle + along, middle + side * long

        def beside(s: float, off: float) -> tuple[float, float]:
            (x0, y0), (x1, y1) = spine(s - 0.02), spine(s + 0.02)
            tx, ty = x1 - x0, y1 - y0
            norm = float(np.hypot(tx, ty)) or 1.0
            x, y = spine(s)
            return x - ty / norm * off * long, y + tx / norm * off * long

        veil = colours[0]
        for side in (-1, 1):
            fan = 0.03 * np.sin(TAU * (swim + 0.25 * side))
            pen.polygon(
                [
                    beside(0.24, side * 0.07),
                    beside(0.33, side * (0.2 + fan)),
                    beside(0.43, side * (0.17 + fan)),
                    beside(0.36, side * 0.07),
                ],
                veil,
            )
            pen.polygon([beside(0.62, side * 0.05), beside(0.74, side * 0.12), beside(0.72, side * 0.04)], veil)
        pen.polygon(
            [beside(0.95, 0.012), beside(1.22, 0.085), beside(1.12, 0.0), beside(1.22, -0.085), beside(0.95, -0.012)],
            veil,
        )
        width = [
            0.1 * np.sin(np.pi * min(0.1 + 0.9 * k / (count - 1), 1)) ** 0.62 * (1 - 0.45 * (k / (count - 1)))
            for k in range(count)
        ]
        left = [beside(k / (count - 1), width[k]) for k in range(count)]
        right = [beside(k / (count - 1), -width[k]) for k in range(count)]
        pen.polygon([*left, *reversed(right)], colours[0])
        for s, off, r in spots:
            x, y = beside(s, off)
            pen.oval(x, y, r * long, r * long * 0.9, colours[1])
            x, y = beside(s + 0.05, off * 0.6)
            pen.oval(x, y, r * long * 0.85, r * long * 0.8, colours[1])
        for side in (-1, 1):
            x, y = beside(0.085, side * 0.052)
            pen.oval(x, y, size * 0.011, size * 0.011, "#1a1420")

    side = int(size) & ~1
    large = Image.new("RGBA", (side * 3, side * 3))
    paint(Pen(ImageDraw.Draw(large), 3))
    return large.convert("RGBa").reduce(3)


def koi_pond(stage: Stage) -> Draw:
    """Koi circle under lily pads; from time to time a ring spreads on the water."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    x, y = stage.grid(2)
    base = stage.gradient(ramp("#0f4a52", "#12636a", "#0e4f5c", "#0a3644"), 2)
    stones = field(rng, stage.size(2), 0.9, 5, 40)
    base[0] += np.clip(stones, -1.5, 1.5) * 4 - (x * x + (y * 0.6) ** 2) * 40
    still = Canvas.sharp(base)
    webs = Swell.of(rng, stage.size(4), 1.3, low=3, high=18, turns=(1, 2))
    school = []
    looks = (
        ("#fff4e8", "#f2542d"),
        ("#ff9233", "#ffd9a8"),
        ("#fdfaf5", "#23202b"),
        ("#ffd166", "#f08a24"),
        ("#ffffff", "#e63946"),
    )
    for number, colours in enumerate(looks):
        spots = [
            (0.12 + 0.19 * k + rng.uniform(-0.04, 0.04), rng.uniform(-0.025, 0.025), rng.uniform(0.035, 0.055))
            for k in range(4)
        ]
        size = (168 - 10 * (number % 3)) * unit
        poses = [_koi(size, k / 18, colours, spots) for k in range(18)]
        school.append(
            (
                0.5 + 0.16 * np.cos(number * 2.4),
                0.2 + 0.15 * number,
                0.15 + 0.07 * rng.random(),
                0.12 + 0.07 * rng.random(),
                number / 5 + 0.1,
                (1 if number % 2 else -1),
                size,
                poses,
            )
        )

    def pad(pen: Pen, r: float, tone: str, cut: float) -> None:
        pen.pie(r, r, r, cut + 18, cut + 342, tone)
        for k in range(11):
            a = np.deg2rad(cut + 30 + k * 30)
            pen.line([(r, r), (r + 0.86 * r * np.cos(a), r + 0.86 * r * np.sin(a))], "#5fae6d", 0.018 * r)

    pads = []
    for px, py, r, tone in (
        (0.08, 0.1, 92, "#2f8a55"),
        (0.31, 0.03, 62, "#3a9c5f"),
        (0.95, 0.42, 78, "#2b8052"),
        (0.05, 0.9, 104, "#2f8a55"),
        (0.3, 0.98, 70, "#3fa568"),
        (0.93, 0.93, 56, "#37965c"),
        (0.86, 0.06, 44, "#3fa568"),
    ):
        radius, cut = r * unit, float(rng.uniform(0, 360))
        leaf = Layer.drawn(2 * radius, 2 * radius, pad, radius, tone, cut)
        pads.append((leaf, px * w - radius, py * h - radius, radius, rng.uniform(0, 1)))

    def bloom(pen: Pen) -> None:
        r = 44 * unit
        for ring, (count, long, tone) in enumerate(((10, 1.0, "#f7a8c4"), (8, 0.74, "#fbc6d8"), (6, 0.48, "#ffe3ec"))):
            for k in range(count):
                a = TAU * (k + 0.5 * ring) / count
                tip = (r + r * long * np.cos(a), r + r * long * np.sin(a))
                side = [(r + 0.62 * r * long * np.cos(a + d), r + 0.62 * r * long * np.sin(a + d)) for d in (-0.3, 0.3)]
                pen.polygon([(r, r), side[0], tip, side[1]], tone)
        pen.oval(r, r, 0.16 * r, 0.16 * r, "#ffd166")

    flower = Layer.drawn(88 * unit, 88 * unit, bloom)
    rings = [(rng.uniform(0.25, 0.8), rng.uniform(0.2, 0.85), k / 5) for k in range(5)]

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        web = np.exp(np.abs(webs.at(t)) * np.float32(-5))
        canvas.y += doubled(doubled(web * 15))
        for cx, cy, rx, ry, start, way, size, poses in school:
            a = TAU * (start + way * t)
            px, py = (cx + rx * np.cos(a)) * w, (cy + ry * np.sin(a) * 0.8) * h
            heading = np.arctan2(ry * 0.8 * h * np.cos(a) * way, -rx * w * np.sin(a) * way)
            pose = poses[int((4 * t + start) * 18) % 18]
            fish = Layer.of(pose.rotate(-float(np.rad2deg(heading)), Image.Resampling.BILINEAR))
            dark = fish.tinted("#03181c")
            canvas.stamp(dark, px - size / 2 + 16 * unit, py - size / 2 + 26 * unit, 0.34)
            canvas.stamp(fish, px - size / 2, py - size / 2, smooth=True)
        for px, py, start in rings:
            age = (t + start) % 1.0
            r = (10 + 150 * age) * unit
            win = canvas.window(px * w - r - 12, py * h - r - 12, px * w + r + 12, py * h + r + 12)
            if win is not None and age < 0.7:
                far = np.sqrt((win.x - np.float32(px * w)) ** 2 + (win.y - np.float32(py * h)) ** 2)
                gap = (far - np.float32(r)) * np.float32(1 / (6 * unit))
                wave = np.exp(-gap * gap) + np.float32(0.5) * np.exp(-((gap + 4) ** 2))
                canvas.blend(win, wave * np.float32(0.42 * (1 - age / 0.7)), "#cfeee6")
        for leaf, px, py, radius, phase in pads:
            dx, dy = 5 * np.sin(TAU * (t + phase)) * unit, 4 * np.cos(TAU * (t + phase)) * unit
            canvas.disc(
                px + radius + 9 * unit + dx, py + radius + 14 * unit + dy, radius * 0.98, "#062a30", 0.3, 10 * unit
            )
            canvas.stamp(leaf, px + dx, py + dy, smooth=True)
        canvas.stamp(flower, 0.12 * w + 4 * np.sin(TAU * t), 0.855 * h + 3 * np.cos(TAU * t), smooth=True)
        return canvas

    return draw


DEPTHS = {
    "abyss": ramp((0, "#0f5f8f"), (0.3, "#0a3a70"), (0.7, "#081f4d"), (1, "#050d2b")),
    "reef": ramp((0, "#63d8e8"), (0.3, "#1fa3c9"), (0.65, "#0e6a9c"), (1, "#0a3f6b")),
}
