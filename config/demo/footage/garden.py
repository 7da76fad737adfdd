"""Things that grow: petals and leaves in the wind, a pot plant."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, mix, mix_hex, ramp, yuv
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.scene import Draw, Stage


def petals(stage: Stage, *, back: Floats, lights: tuple[str, ...], tones: tuple[str, ...], pointed: bool) -> Draw:
    """Petals or leaves tumble down in front of a blurred wood."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    still = Canvas.sharp(stage.gradient(back, 2))
    for k in range(60):
        x, y, r = rng.uniform(0, w), h * rng.uniform(-0.05, 0.95), rng.uniform(0.05, 0.17) * w
        still.disc(x, y, r, lights[k % len(lights)], rng.uniform(0.1, 0.32), r * 0.22 + 2)

    def bough(pen: Pen) -> None:
        def branch(x: float, y: float, angle: float, long: float, thick: float) -> None:
            for _ in range(7):
                nx, ny = x + np.cos(angle) * long / 7, y + np.sin(angle) * long / 7
                pen.line([(x, y), (nx, ny)], "#3a2430", thick)
                angle += rng.normal(0, 0.16)
                x, y, thick = nx, ny, thick * 0.92
                if long > 46 * unit and rng.random() < 0.55:
                    branch(x, y, angle + rng.choice([-1, 1]) * rng.uniform(0.5, 0.95), long * 0.52, thick * 0.6)
                if long < 130 * unit:
                    for _ in range(2):
                        px, py, r = (
                            x + rng.normal(0, 10) * unit,
                            y + rng.normal(0, 10) * unit,
                            rng.uniform(5, 11) * unit,
                        )
                        pen.oval(px, py, r, r * 0.8, tones[int(rng.integers(len(tones)))])

        branch(w * 1.04, 0.05 * h, 2.8, 430 * unit, 17 * unit)
        branch(w * 1.04, 0.16 * h, 3.35, 250 * unit, 10 * unit)
        branch(-0.04 * w, 0.015 * h, 0.32, 200 * unit, 9 * unit)

    still.stamp(Layer.drawn(w, 0.42 * h, bough, scale=2), 0, 0)
    flock = []
    for k in range(30):
        near = (k / 29) ** 1.5
        size = (7 + 26 * near) * unit
        flock.append(
            (
                rng.uniform(-0.05, 1.05),
                rng.uniform(0, 1),
                size,
                rng.uniform(0, TAU, 3),
                rng.integers(1, 4, 2),
                tones[k % len(tones)],
                near,
            )
        )

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for x, start, size, phase, turns, tone, near in flock:
            way = (t * (2 if near > 0.72 else 1) + start) % 1.0
            px = float((x + 0.1 * np.sin(TAU * way + phase[0]) + 0.16 * way - 0.08) * w)
            py = float((way * 1.14 - 0.07) * h)
            angle = TAU * turns[0] * t + phase[1]
            tilt = float(np.cos(TAU * turns[1] * t + phase[2]))
            win = canvas.window(px - size, py - size, px + size, py + size)
            if win is None:
                continue
            c, s = float(np.cos(angle)), float(np.sin(angle))
            dx, dy = (win.x - np.float32(px)) * np.float32(1 / size), (win.y - np.float32(py)) * np.float32(1 / size)
            along = dx * c + dy * s
            across = (dy * c - dx * s) * np.float32(1 / max(abs(tilt), 0.22))
            if pointed:
                half = np.float32(0.46) * np.clip(1 - along * along, 0, 1) * (1 + np.float32(0.35) * along)
            else:
                half = np.float32(0.52) * np.sqrt(np.clip(1 - along * along, 0, 1)) * (1 + np.float32(0.3) * along)
                half = half - np.clip(along - 0.72, 0, 1) * np.clip(0.3 - np.abs(across), 0, 1) * 3
            soft = np.float32(size * (0.42 if near > 0.8 else 0.7))
            cover = np.clip((half - np.abs(across)) * soft + np.float32(0.5), 0, 1)
            base = yuv(tone)
            light = np.float32(1.02 + 0.16 * tilt) + across * np.float32(0.22) - np.float32(0.1) * along
            if pointed:
                light = light - np.float32(0.25) * np.clip(1 - np.abs(across) * 9, 0, 1)
            colour = np.empty((3, *cover.shape), np.float32)
            colour[0] = (base[0] - 16) * light + 16
            colour[1:] = base[1:, None, None]
            canvas.blend(win, cover * np.float32(0.96), colour)
        return canvas

    return draw


def pot_plant(stage: Stage, *, back: tuple[str, str], leaves: tuple[str, ...], bloom: str) -> Draw:
    """A plant grows out of its pot, flowers, and folds itself up again."""
    w, h, unit = stage.w, stage.h, stage.unit
    rng = stage.rng
    still = Canvas.painting(stage.gradient(ramp(back[0], mix_hex(back[0], "#ffffff", 0.35))))
    still.haze(0.5 * w, 0.42 * h, 0.8 * w, "#ffffff", 0.55)
    still.disc(0.5 * w, 0.42 * h, 0.37 * w, mix(back[1], "#ffffff", 0.35), 0.55)
    still.hill(np.full(w, 0.86 * h, np.float32), back[1], mix_hex(back[1], "#000000", 0.12))

    def pot(pen: Pen) -> None:
        s = unit
        pen.oval(150 * s, 214 * s, 128 * s, 15 * s, "#00000038")
        pen.polygon([(64 * s, 50 * s), (236 * s, 50 * s), (212 * s, 212 * s), (88 * s, 212 * s)], "#d9714f")
        pen.polygon([(190 * s, 50 * s), (236 * s, 50 * s), (212 * s, 212 * s), (180 * s, 212 * s)], "#b85a3d")
        pen.box(52 * s, 24 * s, 248 * s, 66 * s, "#e8835f", 9 * s)
        pen.box(196 * s, 24 * s, 248 * s, 66 * s, "#c4654a", 9 * s)
        pen.oval(150 * s, 26 * s, 92 * s, 9 * s, "#5a3426")
        for k in range(5):
            pen.oval((96 + 27 * k) * s, 128 * s, 7 * s, 7 * s, "#fbe3c8")

    vase = Layer.drawn(300 * unit, 230 * unit, pot)
    root = (0.5 * w, 0.715 * h)
    # (birth, start point, control, end, thickness, leaves) of each stem, in shares of the width
    stems = []
    for k, (lean, tall, birth) in enumerate(
        (
            (0.0, 0.62, 0.0),
            (-0.2, 0.5, 0.08),
            (0.2, 0.47, 0.13),
            (-0.33, 0.3, 0.2),
            (0.34, 0.28, 0.25),
            (-0.09, 0.4, 0.3),
            (0.1, 0.56, 0.18),
        )
    ):
        bend = lean * 0.25 + rng.uniform(-0.06, 0.06)
        stems.append((birth, (0.02 * lean, 0.0), (bend, 0.55 * tall), (lean, tall), rng.uniform(0, TAU), k))
    latest: dict[float, Layer] = {}
    leaf_shape = [(0, 0), (0.22, -0.2), (0.5, -0.27), (0.78, -0.18), (1, 0), (0.78, 0.18), (0.5, 0.27), (0.22, 0.2)]

    def draw(t: float) -> Canvas:
        t = int(t * 72) / 72  # drawn on twos, as animators do: growth looks right that way, and costs half
        grown = 0.5 + 0.5 * np.cos(TAU * t)  # in full bloom first: that picture becomes the poster
        grown = float(np.clip(0.32 + 0.75 * grown, 0, 1.04))
        canvas = still.copy()
        # only as much of the picture as the plant can fill by now
        half = (0.2 + 0.36 * float(np.clip((grown - 0.1) / 0.62, 0, 1))) * w
        tall = (0.12 + 0.62 * min(grown / 0.62, 1)) * w
        crop = (root[0] - half, root[1] - tall, root[0] + half, root[1] + 0.12 * w)

        def paint(pen: Pen) -> None:
            for birth, start, control, end, phase, number in stems:
                life = float(np.clip((grown - birth) / 0.62, 0, 1))
                if life <= 0.02:
                    continue
                life = 1 - (1 - life) ** 1.6
                sway = 0.012 * np.sin(TAU * 2 * t + phase)
                track = []
                for k in range(15):
                    s = k / 14 * life
                    bx = (1 - s) ** 2 * start[0] + 2 * s * (1 - s) * control[0] + s * s * end[0] + sway * s * s * 2
                    by = (1 - s) ** 2 * start[1] + 2 * s * (1 - s) * control[1] + s * s * end[1]
                    track.append((root[0] + bx * w - crop[0], root[1] - by * w - crop[1]))
                tone = leaves[number % len(leaves)]
                pen.line(track, mix_hex(tone, "#1b3a2a", 0.35), (7.5 - 0.5 * number) * unit)
                for k in range(2, 14, 2):
                    s = k / 14
                    open_ = float(np.clip((life - s * 0.85) * 3.2, 0, 1))
                    if open_ <= 0.03:
                        continue
                    (x0, y0), (x1, y1) = track[k], track[k + 1] if k < 14 else track[k]
                    heading = np.arctan2(y1 - y0, x1 - x0)
                    for side in (-1, 1):
                        a = heading + side * (0.5 + 0.5 * open_) + 0.1 * np.sin(TAU * 2 * t + k + phase)
                        long = (0.135 - 0.05 * s) * w * open_
                        c, d = np.cos(a), np.sin(a)
                        outline = [
                            (x0 + long * (px * c - py * d), y0 + long * (px * d + py * c)) for px, py in leaf_shape
                        ]
                        pen.polygon(outline, tone if side < 0 else mix_hex(tone, "#10281c", 0.2))
                        pen.line(
                            [(x0, y0), (x0 + long * 0.9 * c, y0 + long * 0.9 * d)],
                            mix_hex(tone, "#ffffff", 0.25),
                            1.6 * unit,
                        )
                full = float(np.clip((life - 0.86) * 8, 0, 1))
                if full > 0.03:
                    x, y = track[-1]
                    r = 0.062 * w * full
                    for petal in range(7):
                        a = TAU * petal / 7 + 0.3 * np.sin(TAU * t) + number
                        pen.oval(
                            x + 0.72 * r * np.cos(a),
                            y + 0.72 * r * np.sin(a),
                            0.48 * r,
                            0.48 * r,
                            bloom if petal % 2 else mix_hex(bloom, "#ffffff", 0.25),
                        )
                    pen.oval(x, y, 0.42 * r, 0.42 * r, "#ffd166")

        if t not in latest:
            latest.clear()
            latest[t] = Layer.drawn(crop[2] - crop[0], crop[3] - crop[1], paint, scale=2)
        canvas.stamp(latest[t], crop[0], crop[1])
        canvas.stamp(vase, 0.5 * w - 150 * unit, 0.69 * h)
        return canvas

    return draw


BACKS = {
    "spring": ramp((0, "#8fc7e8"), (0.45, "#c9e6f5"), (0.75, "#dff0d8"), (1, "#a8cf9a")),
    "autumn": ramp((0, "#f6c177"), (0.4, "#eb9a4f"), (0.75, "#b8602f"), (1, "#6e3421")),
}
