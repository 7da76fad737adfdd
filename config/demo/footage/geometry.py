"""Geometry that moves: woven paths, curves of light, a galaxy, pendulums, blocks, mandalas, soap bubbles."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, doubled, halved, light_of, mix, points, ramp, shade, to_hex, yuv
from config.demo.footage.layer import Layer, Pen
from config.demo.footage.noise import field
from config.demo.footage.scene import Draw, Stage


def truchet(stage: Stage, *, palette: Floats, back: str, cells: int = 5) -> Draw:
    """A maze of quarter circles; colour runs along its paths, always with the same side to the left."""
    rng = stage.rng
    x, y = stage.grid(1)
    gx, gy = (x + 0.5) * np.float32(cells), (y + 2) * np.float32(cells)
    ix, iy = gx.astype(np.int32), gy.astype(np.int32)
    fx, fy = gx - ix, gy - iy
    turn = (rng.random(64 * 64) < 0.5).take((iy & 63) * 64 + (ix & 63))
    fx = np.where(turn, 1 - fx, fx + 0 * fy)  # mirrored tiles
    first = fx + fy < 1
    px, py = np.where(first, fx, 1 - fx), np.where(first, fy, 1 - fy)
    far = np.hypot(px, py)
    along = np.arctan2(py, px) * np.float32(2 / np.pi)
    # The corners of a chessboard alternate: an arc keeps its dark corners on one side when mirrored tiles swap them.
    flip = ((ix + iy) % 2 == 0) ^ turn
    along = np.where(flip ^ first, along, 1 - along)
    wide = 0.185
    off = (far - np.float32(0.5)) / np.float32(wide)
    cover = np.clip((1 - np.abs(off)) * np.float32(wide * stage.w / cells) + np.float32(0.5), 0, 1).astype(np.float32)
    round_light = (np.sqrt(np.clip(1 - off * off, 0, 1)) * np.float32(0.6) + np.float32(0.32)).astype(np.float32)
    base = (along * np.float32(512)).astype(np.int32)
    dark, tone = yuv(back), stage.gradient(palette)
    halo = np.exp(-((np.maximum(np.abs(off) - 1, 0) / 0.5) ** 2)).astype(np.float32)
    shadow = 1 - 0.5 * halo
    ground = ((dark[0] - 16) * shadow * (1 - cover) + 16).astype(np.float32)
    lit = (cover * round_light * (tone[0] - 16)).astype(np.float32)
    ground += (np.exp(-(((off + 0.4) / 0.2) ** 2)) * cover * 16).astype(np.float32)
    tint = [halved(cover) * (halved(tone[k]) - 128) for k in (1, 2)]
    rest = [(dark[k] - 128) * (1 - halved(cover)) + 128 for k in (1, 2)]
    # beads of light with a tail: two in every tile
    place = np.arange(1024) / 256 % 1
    pulse = (0.3 + 0.95 * np.clip(place, 0, 1) ** 2.2 * np.clip((1 - place) * 12, 0, 1)).astype(np.float32)
    small = base[::2, ::2].copy()

    def draw(t: float) -> Canvas:
        shift = 512 - int(t * 2 * 256) % 512
        light = pulse[(shift + np.arange(513)) % 1024]
        bright = light.take(base)
        half = np.minimum(light.take(small), 1)
        return Canvas(ground + lit * bright, rest[0] + tint[0] * half, rest[1] + tint[1] * half)

    return draw


def spirograph(stage: Stage, *, back: Floats, palette: Floats, gears: tuple[int, int] = (11, 4)) -> Draw:
    """Light runs along the curves of a spirograph."""
    h, w = stage.size(2)
    still = stage.gradient(back, 2)
    count = 11000
    a = np.linspace(0, TAU, count, endpoint=False)
    p, q = gears
    families = []
    for k in range(4):
        pen = 0.62 + 0.22 * k
        family = (1 - q / p) * np.exp(1j * q * a) + pen * (q / p) * np.exp(-1j * (p - q) * a)
        families.append(family / np.abs(family).max() * (0.22 + 0.078 * k) * np.exp(0.12j * k))
    curve = np.concatenate(families)
    phase = np.concatenate([a / TAU + 0.13 * k for k in range(4)])
    ring = np.repeat(np.arange(4) / 3, count)
    speed = np.abs(np.diff(curve, append=curve[:1]))
    weight = np.minimum(speed, 0.01) * 900
    tone = (
        np.stack([channel.take((ring * 1023).astype(int)) for channel in palette]) - np.array([16, 128, 128])[:, None]
    )
    x2, y2 = stage.grid(8)
    mist = np.exp(-((x2 / 0.42) ** 2) - (y2 / 0.45) ** 2).astype(np.float32)

    def draw(t: float) -> Canvas:
        spin = curve * np.exp(0.3j * np.sin(TAU * t))
        pulse = 0.22 + 1.9 * np.maximum(np.cos(TAU * (phase * 3 - t * 2)), 0) ** 6
        amount = weight * pulse
        px, py = spin.real * w + w / 2, spin.imag * w + h / 2
        light = [points(px, py, amount * tone[k], (h, w)) for k in range(3)]
        planes = still.copy()
        glow = halved(halved(light[0]))
        for _ in range(2):
            glow[1:-1] = (glow[:-2] + 2 * glow[1:-1] + glow[2:]) * np.float32(0.25)
            glow[:, 1:-1] = (glow[:, :-2] + 2 * glow[:, 1:-1] + glow[:, 2:]) * np.float32(0.25)
        planes[0] += np.minimum(light[0] * 1.3, 170) + doubled(doubled(glow)) * np.float32(0.9)
        for plane, extra in ((planes[1], light[1]), (planes[2], light[2])):
            soft = doubled(halved(extra))
            plane += np.clip(extra + soft, -75, 75)
        planes[0] += doubled(doubled(mist * np.float32(9 + 5 * np.sin(TAU * t))))
        return Canvas.soft(planes)

    return draw


def galaxy(stage: Stage, *, arms: tuple[str, str], core: str, tilt: float = 0.62) -> Draw:
    """A two-armed galaxy turns by half a turn, which looks like a whole one."""
    h, w = stage.size(2)
    rng = stage.rng
    count = 9000
    reach = rng.gamma(2.1, 0.1, count).clip(0, 0.8)
    loose = rng.random(count) < 0.4  # stars of the disc, in no arm
    arm = np.where(loose, rng.uniform(-np.pi / 2, np.pi / 2, count), rng.normal(0, 0.33, count))
    angle = 2.9 * np.log(reach + 0.09) + arm
    angle = np.concatenate([angle, angle + np.pi])
    reach = np.concatenate([reach, reach])
    bright = rng.pareto(2.4, count).clip(0, 5) + 0.35
    bright = np.concatenate([bright, bright])
    share = np.clip(reach / 0.5 + rng.normal(0, 0.15, 2 * count), 0, 1)
    blue = rng.random(2 * count) < 0.12
    first, last, pink = yuv(core), yuv(arms[0]), yuv(arms[1])
    tone = first[:, None] + (last - first)[:, None] * share
    tone = np.where(blue, pink[:, None], tone) - np.array([16, 128, 128])[:, None]
    height = rng.normal(0, 0.012, 2 * count) * (1 - share * 0.6)
    still = stage.gradient(ramp("#05060f", "#0a0b24", "#070818"), 2)
    from_stars = Canvas.soft(still)
    from_stars.splat(rng.uniform(0, w, 420), rng.uniform(0, h, 420), 20 + 90 * rng.random(420) ** 5)
    lean = np.deg2rad(-24)
    x, y = (axis / np.float32(1.2) for axis in stage.grid(4))
    rx, ry = x * np.cos(lean) + y * np.sin(lean), (-x * np.sin(lean) + y * np.cos(lean)) / tilt
    polar_reach = np.hypot(rx, ry).astype(np.float32)
    polar = np.arctan2(ry, rx)
    wind = np.asarray(2.9 * np.log(polar_reach + 0.09), np.float32)
    cloud_noise = field(rng, (256, 256), 1.2, 2, 30)
    envelope = (np.exp(-((polar_reach / 0.3) ** 1.5)) * 62).astype(np.float32)
    bulge = (np.exp(-((polar_reach / 0.1) ** 1.2)) * 170).astype(np.float32)
    core_light, arm_light = (light_of(c) for c in (core, arms[0]))

    def draw(t: float) -> Canvas:
        turn = np.pi * t
        planes = still.copy()
        a = angle + turn
        px, py = reach * np.cos(a), reach * np.sin(a) * tilt - height
        sx = (px * np.cos(lean) - py * np.sin(lean)) * 1.2 + 0.5
        sy = (px * np.sin(lean) + py * np.cos(lean)) * 1.2
        light = [points(sx * w, sy * w + h / 2, bright * tone[k] * 0.3, (h, w)) for k in range(3)]
        spiral = np.cos(2 * (polar - turn - wind)).astype(np.float32)
        row = ((polar_reach * 300).astype(np.int32)) & 255
        column = ((polar - turn) * (128 / np.pi)).astype(np.int32) * 2 & 255
        dust = cloud_noise.take(row * 256 + column)
        haze = envelope * np.clip(np.float32(0.55) + np.float32(0.5) * spiral + dust * np.float32(0.16), 0, 2)
        soft = [haze * (arm_light[k] / 90) + bulge * (core_light[k] / 200) for k in range(3)]
        for plane, spot, mist in zip(planes, light, soft, strict=True):
            plane += spot + doubled(np.asarray(mist, np.float32))
        return Canvas.soft(planes)

    return draw


def pendulums(stage: Stage, *, back: Floats, palette: Floats) -> Draw:
    """Twelve pendulums, each one swing faster than its neighbour: waves appear and dissolve."""
    w, h, unit = stage.w, stage.h, stage.unit
    count = 12
    still = Canvas.painting(stage.gradient(back))
    beam_y = 0.1 * h
    floor = 0.86 * h
    still.haze(0.5 * w, floor, 0.8 * w, "#ffffff", 0.14)
    tones = [palette[:, int(k / (count - 1) * 1023)] for k in range(count)]
    frame = Layer.drawn(
        w, 40 * unit, lambda pen: pen.box(176 * unit, 8 * unit, w - 176 * unit, 30 * unit, "#e9d8c8", 11 * unit)
    )
    ball = 0.034 * w

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for k in range(count - 1, -1, -1):
            near = 1 - k / (count - 1)
            length = (0.22 + 0.4 * near) * h
            swing = 0.4 * np.cos(TAU * (3 + k) * t)
            radius = ball * (0.72 + 0.5 * near)
            top_x = 0.5 * w
            x, y = top_x + np.sin(swing) * length, beam_y + 22 * unit + np.cos(swing) * length
            x, y = float(x), float(y)
            top = beam_y + 22 * unit
            win = canvas.window(min(top_x, x) - 2, top, max(top_x, x) + 2, y)
            if win is not None:
                at = top_x + (win.y - np.float32(top)) * np.float32((x - top_x) / (y - top))
                canvas.blend(win, np.clip(np.float32(1.15) - np.abs(win.x - at), 0, 1) * np.float32(0.4), "#ffffff")
            canvas.haze(x, floor + (1 - near) * 8 * unit, radius * 2.2, "#0b0716", 0.3)
            canvas.glow(x, y, radius * 2.6, tones[k], 0.3)
            _sphere(canvas, x, y, radius, tones[k])
        canvas.stamp(frame, 0, beam_y - 8 * unit)
        return canvas

    return draw


def _sphere(canvas: Canvas, x: float, y: float, radius: float, tone: Floats) -> None:
    """A shaded ball lit from the upper left."""
    win = canvas.window(x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1)
    if win is None:
        return
    dx, dy = (win.x - np.float32(x)) * np.float32(1 / radius), (win.y - np.float32(y)) * np.float32(1 / radius)
    square = dx * dx + dy * dy
    cover = np.clip((1 - np.sqrt(square)) * np.float32(radius) + np.float32(0.5), 0, 1)
    light = np.clip(
        np.sqrt(np.clip(1 - square, 0, 1)) * np.float32(0.6)
        - dx * np.float32(0.32)
        - dy * np.float32(0.42)
        + np.float32(0.42),
        0.2,
        1.3,
    )
    gloss = np.exp(-((dx + np.float32(0.36)) ** 2 + (dy + np.float32(0.42)) ** 2) * np.float32(16))
    colour = np.empty((3, *square.shape), np.float32)
    colour[0] = (tone[0] - 16) * light + 16 + gloss * 110
    colour[1:] = tone[1:, None, None] + (128 - tone[1:, None, None]) * (gloss * np.float32(0.8))
    canvas.blend(win, cover, colour)


def blocks(stage: Stage, *, back: Floats, palette: Floats, count: int = 9) -> Draw:
    """A field of columns that a wave runs through, seen from a corner."""
    w, h = stage.w, stage.h
    rng = stage.rng
    still = Canvas.painting(stage.gradient(back))
    half = w * 0.94 / (2 * count)
    quarter = half * 0.56
    shape: list[Layer] = []
    long = int(half * 5.2)
    tints = 48

    def column(pen: Pen, tone: Floats) -> None:
        top, left, right = (
            to_hex(mix(tone, shade_to, share))
            for shade_to, share in (("#ffffff", 0.12), ("#1a0f3a", 0.3), ("#1a0f3a", 0.55))
        )
        cx = half + 1
        pen.polygon([(cx, quarter * 2), (cx - half, quarter), (cx - half, long - quarter), (cx, long)], left)
        pen.polygon([(cx, quarter * 2), (cx + half, quarter), (cx + half, long - quarter), (cx, long)], right)
        pen.polygon([(cx, 0), (cx + half, quarter), (cx, quarter * 2), (cx - half, quarter)], top)

    for k in range(tints):
        tone = palette[:, int(k / (tints - 1) * 1023)]
        shape.append(Layer.drawn(2 * half + 2, long, column, tone))
    order = sorted(((i, j) for i in range(count) for j in range(count)), key=lambda cell: sum(cell))
    origin_y = 0.36 * h
    phase = rng.uniform(0, 1)

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for i, j in order:
            u, v = i - (count - 1) / 2, j - (count - 1) / 2
            far = np.hypot(u, v)
            wave = float(np.sin(TAU * (2 * t + phase) - far * 1.15) + 0.35 * np.sin(TAU * t + u * 0.9))
            x = w / 2 + (u - v) * half
            y = origin_y + (u + v) * quarter + count * quarter * 0.6 - wave * half * 0.95
            tone = int(np.clip(0.5 + 0.36 * wave, 0, 1) * (tints - 1))
            canvas.stamp(shape[tone], x - half - 1, y, smooth=False)
        return canvas

    return draw


def mandala(stage: Stage, *, palette: tuple[str, ...], back: str, fold: int = 12) -> Draw:
    """Rings of petals and beads, each turning by whole petals."""
    x, y = stage.grid(1)
    reach = np.hypot(x, y)
    turn = (np.arctan2(y, x) / np.float32(TAU) + np.float32(0.5)) * np.float32(fold)
    side = 512  # samples for one petal
    rows = 512
    r = np.linspace(0, 0.96, rows, dtype=np.float32)[:, None]
    a = (
        np.abs(np.linspace(-0.5, 0.5, side, endpoint=False, dtype=np.float32))[None, :] * 2
    )  # 0 on a petal's axis, 1 between two
    arc = a * np.float32(np.pi / fold) * r  # distance from the axis
    texture = np.repeat(np.repeat(yuv(back)[:, None, None], rows, 1), side, 2).astype(np.float32)

    def lay(cover: Floats, colour: str) -> None:
        nonlocal texture
        texture = texture + np.clip(cover, 0, 1) * (yuv(colour)[:, None, None] - texture)

    sharp = 420
    rings = [0.0, 0.075, 0.145, 0.235, 0.33, 0.44, 0.56, 0.7, 0.86]
    for k in range(len(rings) - 1):
        low, high = rings[k], rings[k + 1]
        mid, wide = (low + high) / 2, high - low
        main, second, third = (palette[(k + n) % len(palette)] for n in range(3))
        lay((r - low) * sharp, to_hex(mix(main, back, 0.62)))
        s = np.clip((r - low) / wide, 0, 1)
        breadth = np.float32(np.pi / fold * mid)
        if k % 3 == 0:
            petal = breadth * 0.95 * np.maximum(np.sin(np.pi * s**0.8), 0) ** 0.7
            lay((petal - arc) * sharp, main)
            lay((petal * 0.62 - arc) * sharp * (s > 0.05), second)
            lay((0.16 * wide - np.hypot(arc, r - (low + 0.36 * wide))) * sharp, third)
        elif k % 3 == 1:
            other = breadth - arc
            lay((breadth * 0.6 * np.sin(np.pi * s) - other) * sharp, second)
            lay((0.3 * wide - np.hypot(arc, r - mid)) * sharp, main)
            lay((0.17 * wide - np.hypot(arc, r - mid)) * sharp, back)
            lay((0.09 * wide - np.hypot(arc, r - mid)) * sharp, third)
        else:
            zig = low + wide * (0.25 + 0.6 * a)
            lay((0.07 * wide - np.abs(r - zig)) * sharp, third)
            lay((r - zig - 0.1 * wide) * sharp, main)
            lay((0.11 * wide - np.hypot(breadth - arc, r - (low + 0.3 * wide))) * sharp, second)
        lay((0.0035 - np.abs(r - high)) * sharp, palette[-1])
    flat = texture.reshape(3, -1)
    ring_of = np.digitize(reach, rings[1:])
    speeds = np.array([1, -1, 1, -2, 1, -1, 2, -1, 1, 1], np.float32)
    spin = speeds[np.minimum(ring_of, 9)].astype(np.float32)
    row = np.clip(reach / np.float32(0.96) * (rows - 1), 0, rows - 1).astype(np.int32) * side
    base = turn * np.float32(side)
    step = (spin * side).astype(np.float32)
    mask = stage.vignette(0.55)
    base_half, step_half, row_half = base[::2, ::2].copy(), step[::2, ::2].copy(), row[::2, ::2].copy()

    def draw(t: float) -> Canvas:
        move = np.float32(t)
        at = ((base + step * move).astype(np.int32) & (side - 1)) + row
        small = ((base_half + step_half * move).astype(np.int32) & (side - 1)) + row_half
        canvas = Canvas(flat[0].take(at), flat[1].take(small), flat[2].take(small))
        canvas.vignette(mask)
        return canvas

    return draw


def bubbles(stage: Stage, *, back: Floats, lights: tuple[str, ...]) -> Draw:
    """Soap bubbles with a film of changing colours."""
    w, h = stage.w, stage.h
    rng = stage.rng
    still = Canvas.sharp(stage.gradient(back, 2))
    for _ in range(26):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.06, 0.2) * w
        still.disc(x, y, r, lights[int(rng.integers(len(lights)))], rng.uniform(0.08, 0.24), r * 0.35)
    film = ramp("#ff6ec7", "#ffd36e", "#7dffb2", "#5ecbff", "#b18cff", "#ff6ec7")
    lanes = []
    for k in range(13):
        size = (0.035 + 0.13 * (k / 12) ** 1.7) * w
        lanes.append(
            (
                rng.uniform(0.05, 0.95),
                rng.uniform(0, 1),
                size,
                rng.uniform(0, TAU),
                (0.62 + 0.3 * rng.random()) * h,
                rng.uniform(0, 1),
            )
        )

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for x, start, r, phase, gap, hue in lanes:
            for k in range(int((h + 2 * r) / gap) + 2):
                y = h + r - (k + (t + start) % 1) * gap
                if y < -r:
                    continue
                cx = x * w + (0.035 * w) * np.sin(TAU * t + phase + k * 2.2) + 0.2 * w * np.sin(k * 2.6 + phase)
                cx, cy = float(cx), float(y)
                win = canvas.window(cx - r - 1, cy - r - 1, cx + r + 1, cy + r + 1)
                if win is None:
                    continue
                dx, dy = (win.x - np.float32(cx)) * np.float32(1 / r), (win.y - np.float32(cy)) * np.float32(1 / r)
                far = np.sqrt(dx * dx + dy * dy)
                cover = np.clip((1 - far) * np.float32(r) + np.float32(0.5), 0, 1)
                edge = far * far
                edge *= edge
                tint = (
                    far * far * np.float32(1.3) + dy * np.float32(0.35) + dx * np.float32(0.22) + np.float32(hue + t)
                ) % 1
                canvas.blend(win, cover * (np.float32(0.05) + np.float32(0.62) * edge), shade(film, tint))
                gloss = np.exp(-((dx + 0.42) ** 2 + (dy + 0.5) ** 2) * 26) + np.float32(0.5) * np.exp(
                    -((dx - 0.45) ** 2 + (dy - 0.52) ** 2) * 40
                )
                canvas.blend(win, np.minimum(cover * (gloss + edge * edge * np.float32(0.25)), 1), "#ffffff")
        return canvas

    return draw


PALETTES = {
    "maze": ramp("#ff5e5b", "#ffb400", "#ffed66", "#00cecb", "#5b7bff", "#c05bff", "#ff5e5b"),
    "rainbow": ramp("#ff595e", "#ff924c", "#ffca3a", "#8ac926", "#36b5a2", "#1982c4", "#6a4c93", "#d25bb4"),
    "light": ramp("#7cf5ff", "#7a8bff", "#d17bff", "#ff6fb5"),
    "blocks": ramp("#3a0ca3", "#7209b7", "#f72585", "#ff8fa3", "#ffe5b4"),
}
BACKS = {
    "ink": ramp("#070b20", "#101638", "#0a0d26"),
    "plum": ramp("#3a2352", "#5b3a78", "#2a1a40"),
    "dusk": ramp("#1a1440", "#3c1f5e", "#6b2f6b"),
    "lilac": ramp("#8fb8ff", "#b9a5f0", "#f5b5d0"),
}
