"""Small things to look at: a cup of coffee, a cat at a window, clay shapes."""

from __future__ import annotations

import numpy as np

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import TAU, Floats, mix_hex, ramp, rgb, shade, to_yuv, yuv
from config.demo.footage.noise import Swell, field
from config.demo.footage.scene import Draw, Stage


def latte(stage: Stage, *, drink: Floats, cup: str, table: tuple[str, str]) -> Draw:
    """Cream turns in a cup seen from above."""
    h, w = stage.size(2)
    rng = stage.rng
    x, y = stage.grid(2)
    grain = field(rng, (h, w // 16 + 1), 1.0, 3, 120)
    grain = np.repeat(grain, 16, 1)[:, :w]
    streak = field(rng, (h, 6), 0.7, 2, 80)[:, :1]
    first, last = yuv(table[0]), yuv(table[1])
    still = first[:, None, None] + (last - first)[:, None, None] * np.clip(0.5 + 0.16 * streak + 0.07 * grain, 0, 1)
    boards = np.abs(((y * 3.2 + 8) % 1) - 0.5)
    still[0] -= 26 * np.clip(1 - (0.5 - boards) * 60, 0, 1) + (x + y * 0.4) * 26
    still = still.astype(np.float32)
    cy = np.float32(0.02)
    far = np.hypot(x, y - cy)
    px = np.float32(1.0 / w)

    def ring(radius: float, soft: float = 1.0) -> Floats:
        return np.clip((np.float32(radius) - far) / (px * np.float32(soft)) + np.float32(0.5), 0, 1)

    shadow = np.clip((0.49 - np.hypot(x - 0.045, y - cy - 0.06)) * 9, 0, 1) * 0.5
    still[0] -= shadow * (still[0] - 16)
    china = yuv(cup)
    light = (np.clip(0.5 - (x + y) * 0.55, 0, 1)).astype(np.float32)

    def dish(radius: float, bright: float, spread: float) -> None:
        nonlocal still
        cover = ring(radius)
        tone = np.stack([(china[0] - 16) * (bright + spread * light) + 16, china[1] + 0 * light, china[2] + 0 * light])
        still = still + cover * (tone - still)

    dish(0.455, 0.8, 0.16)
    dish(0.44, 0.72, 0.3)
    dish(0.36, 0.66, 0.3)
    inner_shadow = np.clip((0.365 - np.hypot(x - 0.03, y - cy - 0.045)) * 14, 0, 1) * ring(0.43) * 0.3
    still[0] -= inner_shadow * (still[0] - 16)
    handle = np.clip((0.052 - np.abs(np.hypot((x - 0.36) * 0.9, y - cy + 0.23) - 0.085)) * 60, 0, 1)
    still += handle * (
        np.stack([(china[0] - 16) * (0.78 + 0.2 * light) + 16, china[1] + 0 * light, china[2] + 0 * light]) - still
    )
    dish(0.325, 0.82, 0.2)
    dish(0.3, 0.5, 0.1)
    liquid = ring(0.292).astype(np.float32)
    side = 512
    cream = field(rng, (side, side), 1.55, 2, 26).ravel()
    angle = np.arctan2(y - cy, x) / np.float32(TAU)
    reach = far / np.float32(0.292)
    twist = np.float32(1.35) * np.exp(-reach * np.float32(1.6))
    column0 = (angle + twist) * np.float32(side) + np.float32(side * 8)
    row = (np.sqrt(np.clip(reach, 0, 1)) * np.float32(190)).astype(np.int32) << 9
    arms = (angle + twist * np.float32(1.5)).astype(np.float32)
    rim = np.clip(reach - 0.86, 0, 1) * 3.2
    steam = Swell.of(rng, stage.size(8), 2.0, low=1, high=6, turns=(1, 2))
    sx, sy = stage.grid(8)
    column_of_steam = (np.exp(-((sx / 0.2) ** 2) - ((sy + 0.12) / 0.42) ** 2) * 15).astype(np.float32)
    gloss = (np.exp(-(((x + 0.12) / 0.1) ** 2) - ((y - cy + 0.17) / 0.035) ** 2) * 20).astype(np.float32)

    def draw(t: float) -> Canvas:
        spin = np.float32(t)
        column = (column0 - spin * np.float32(side)).astype(np.int32) & (side - 1)
        cloud = cream.take(row + column)
        spiral = np.cos(np.float32(TAU) * 3 * (arms - spin))
        value = (
            np.float32(0.44)
            + cloud * np.float32(0.15)
            + spiral * np.float32(0.2) * np.clip(np.float32(1.15) - reach, 0, 1)
            + rim
        )
        tone = shade(drink, np.asarray(value, np.float32))
        tone[0] += gloss
        planes = still + liquid * (tone - still)
        mist = np.clip(steam.at(t) * 0.6 + 0.5, 0, 2) * column_of_steam
        big = np.repeat(np.repeat(mist, 4, 0), 4, 1)[:h, :w]
        for _ in range(2):
            big[2:-2] = (big[:-4] + 2 * big[2:-2] + big[4:]) * np.float32(0.25)
            big[:, 2:-2] = (big[:, :-4] + 2 * big[:, 2:-2] + big[:, 4:]) * np.float32(0.25)
        planes[0] += big
        return Canvas.soft(np.asarray(planes, np.float32))

    return draw


_CAT = (
    "......................",
    "....K........K........",
    "...KOK......KOK.......",
    "...KOPK....KPOK.......",
    "..KOOPOKKKKOPOOK......",
    "..KOOOOOOOOOOOOK......",
    "..KOOWOOOOOOWOOK......",
    ".KOOEEOOOOOOEEOOK.....",
    ".KOOEEOOOOOOEEOOK.....",
    ".KOOOOOOPPOOOOOOK.....",
    ".KLOOOOWKKWOOOOLK.....",
    "..KLLWWWWWWWWLLK......",
    "...KKWWWWWWWWKK.......",
    "...KOOWWWWWWOOK.......",
    "..KOOOOWWWWOOOOK......",
    "..KOSOOWWWWOOSOK......",
    ".KOOOOOWWWWOOOOOK.....",
    ".KOSSOOWWWWOOSSOK.....",
    ".KOOOOOWWWWOOOOOK.....",
    ".KOSOOOOWWOOOOSOK.....",
    ".KOOOOKOWWOKOOOOK.....",
    ".KOOOKOOWWOOKOOOK.....",
    "..KOOKWWKKWWKOOK......",
    "..KKKKKKKKKKKKKK......",
)


def pixel_cat(stage: Stage) -> Draw:
    """Pixel art: a cat on a window sill watches the rain over a town."""
    cols = 72
    rows = 128
    rng = stage.rng
    colours = {
        "K": "#2b1b2e",
        "O": "#f2994a",
        "W": "#fff1dc",
        "P": "#f7a1a1",
        "E": "#20142a",
        "L": "#e07b39",
        "S": "#d9742f",
    }
    night = np.stack([rgb(c) for c in ("#1a1b4b", "#25266b", "#38328a", "#5a3f9c", "#8a4fa3", "#c0639e")])
    picture = np.zeros((rows, cols, 3), np.float32)
    for y in range(96):
        place = y / 96 * 5
        low = int(place)
        # the ordered dither of old consoles
        for x in range(cols):
            threshold = ((x * 2 + y * 3) % 4 + 0.5) / 4
            picture[y, x] = night[min(low + (place - low > threshold), 5)]
    yy, xx = np.mgrid[0:rows, 0:cols]
    picture[(xx - 52) ** 2 + (yy - 24) ** 2 <= 81] = rgb("#fff3c4")
    for cx, cy, cr in ((49, 21, 2), (55, 27, 2), (53, 20, 1)):
        picture[(xx - cx) ** 2 + (yy - cy) ** 2 <= cr * cr] = rgb("#f0dba0")
    windows: list[tuple[int, int]] = []
    for depth, tone in ((0, "#4b3a86"), (1, "#332a63")):
        x = 0
        while x < cols:
            wide, tall = int(rng.integers(7, 13)), int(rng.integers(14, 34) - 6 * depth)
            picture[92 - tall : 96, x : x + wide - 1] = rgb(tone)
            if depth:
                for wy in range(92 - tall + 2, 94, 4):
                    windows += [(wy, wx) for wx in range(x + 1, min(x + wide - 3, cols - 2), 3)]
            x += wide
    lit = [(wy, wx, bool(rng.random() < 0.55), rng.uniform(0, 1)) for wy, wx in windows]
    frame, shine, dark = rgb("#7a4a36"), rgb("#a2664a"), rgb("#52301f")
    inside = np.zeros((rows, cols), bool)
    inside[96:] = inside[:4] = True
    inside[:, :4] = inside[:, -4:] = True
    sill = picture.copy()
    sill[:] = frame
    sill[96:98], sill[98:101], sill[101:103] = shine, frame, dark
    wall = rgb("#3b2a4a")
    sill[103:] = wall
    for y in range(103, rows, 8):
        for x in range(0, cols, 8):
            sill[y + 2 : y + 4, x + 2 + (y // 8 % 2) * 4 : x + 4 + (y // 8 % 2) * 4] = rgb("#46335a")
    sill[:4], sill[4:96, :4], sill[4:96, -4:] = frame, frame, frame
    sill[3], sill[4:96, 3], sill[4:96, -4] = dark, dark, dark
    bars = np.zeros((rows, cols), bool)
    bars[4:96, 35:37] = bars[48:50, 4:-4] = True
    drops = [
        (int(rng.integers(4, cols - 4)), rng.uniform(0, 1), int(rng.integers(2, 4)), int(rng.integers(3, 6)))
        for _ in range(70)
    ]
    left, foot = 9, 97
    down, across = np.arange(stage.h) * rows // stage.h, np.arange(stage.w) * cols // stage.w
    down_half, across_half = down[::2], across[::2]
    mask_k = rgb(colours["K"])

    def sprite(image: Floats, t: float) -> None:
        blink = 0.44 < t < 0.47 or 0.9 < t < 0.93
        breath = round(0.5 + 0.5 * float(np.sin(TAU * 2 * t)))
        top = foot - len(_CAT)
        for r, text in enumerate(_CAT):
            drop = breath if r < 12 else 0
            for c, key in enumerate(text):
                if key == ".":
                    continue
                tone = colours[key]
                if key == "E" and blink:
                    tone = colours["O"] if r == 7 else colours["K"]
                image[top + r + drop, left + c + 2] = rgb(tone)
        if not blink:
            for ex in (4, 12):
                image[top + 7 + breath, left + ex + 2] = 1.0
        for k in range(13):  # the tail: it hangs over the sill and swings
            sway = 2.6 * np.sin(TAU * 2 * t - k * 0.32) * (k / 12)
            x, y = left + 18 + round(float(sway)) + min(k, 2), foot - 3 + k
            image[y, x : x + 3] = rgb(colours["O"] if k % 4 else colours["S"])
            image[y, x - 1] = image[y, x + 3] = mask_k

    def plant(image: Floats, t: float) -> None:
        x, y = 54, 97
        image[y - 9 : y, x - 5 : x + 6] = rgb("#c8553d")
        image[y - 9 : y - 7, x - 6 : x + 7] = rgb("#e07a5f")
        image[y - 7 : y, x + 3 : x + 6] = rgb("#a03f2d")
        for k, (dx, tall) in enumerate(((-5, 8), (-2, 13), (1, 16), (4, 11), (6, 7))):
            for s in range(tall):
                bend = dx * (s / tall) ** 1.5 + 0.8 * np.sin(TAU * t + k) * s / tall
                px = x + round(float(bend * 1.4))
                image[y - 10 - s, px : px + 2] = rgb("#4caf6d" if (s + k) % 3 else "#2e8b57")

    def draw(t: float) -> Canvas:
        image = picture.copy()
        for wy, wx, on, phase in lit:
            if on != (0.4 < (t + phase) % 1.0 < 0.46):
                image[wy : wy + 2, wx : wx + 2] = rgb("#ffd66b")
        for x, start, turns, long in drops:
            y = int(((t * turns * 2 + start) % 1.0) * 104) - 6
            a, b = max(y, 0), min(y + long, 96)
            if b > a:
                image[a:b, x] += (rgb("#cfe0ff") - image[a:b, x]) * 0.55
        image[bars] = frame
        image = np.where(inside[..., None], sill, image)
        plant(image, t)
        sprite(image, t)
        planes = to_yuv(image)
        luma = planes[0][down][:, across]
        return Canvas(luma, *(plane[down_half][:, across_half] for plane in planes[1:]))

    return draw


def clay(stage: Stage, *, back: tuple[str, str], tones: tuple[str, ...]) -> Draw:
    """Soft clay shapes bounce in a row, stretched as they fly and flat as they land."""
    w, h, unit = stage.w, stage.h, stage.unit
    floor = 0.66 * h
    wall = ramp(back[0], mix_hex(back[0], "#ffffff", 0.25))
    still = Canvas.painting(stage.gradient(wall))
    still.haze(0.35 * w, 0.3 * h, 0.9 * w, "#ffffff", 0.45)
    edge = np.full(w, floor - 0.03 * h, np.float32)
    still.hill(edge, back[1], mix_hex(back[1], "#000000", 0.16), soft=30 * unit)
    shapes = []
    for k, tone in enumerate(tones):
        row, place = divmod(k, 3)
        shapes.append(
            (
                0.2 + 0.24 * place + 0.12 * row,
                row,
                (2.0, 4.5, 2.0, 1.25, 3.0, 2.4)[k % 6],
                tone,
                k * 0.13,
                2 if k % 2 else 3,
            )
        )
    dimple = field(stage.rng, (256, 256), 0.9, 6, 50) * np.float32(2.2)

    def draw(t: float) -> Canvas:
        canvas = still.copy()
        for x, row, power, tone, late, jumps in shapes:
            beat = (t * jumps + late) % 1.0
            contact = 0.2
            if beat < contact:
                press = np.sin(np.pi * beat / contact)
                rise, squash = 0.0, 1 - 0.36 * press
            else:
                air = (beat - contact) / (1 - contact)
                rise = 4 * air * (1 - air)
                squash = 1 + 0.2 * abs(1 - 2 * air) ** 1.5 * min(air * 9, (1 - air) * 9, 1)
            size = (0.118 + 0.02 * row) * w
            ry, rx = size * squash, size / np.sqrt(squash)
            ground = floor + (0.0 + 0.2 * row) * h
            cx, cy = float(x * w), float(ground - ry - rise * (0.27 - 0.03 * row) * h)
            shade_size = size * (1.25 + 0.5 * rise)
            win = canvas.window(
                cx - shade_size, ground - shade_size * 0.34, cx + shade_size, ground + shade_size * 0.34
            )
            if win is not None:
                far = ((win.x - np.float32(cx)) / np.float32(shade_size)) ** 2 + (
                    (win.y - np.float32(ground)) / np.float32(shade_size * 0.3)
                ) ** 2
                canvas.blend(win, np.clip(1 - far, 0, 1) ** 2 * np.float32(0.62 - 0.42 * rise), "#2a1230")
            reach = max(rx, ry) * 1.1
            win = canvas.window(cx - reach, cy - reach, cx + reach, cy + reach)
            if win is None:
                continue
            turn = 0.35 * np.sin(TAU * (t * jumps + late)) * (1 if row else -1)
            c, s = float(np.cos(turn)), float(np.sin(turn))
            dx, dy = (win.x - np.float32(cx)) * np.float32(1 / rx), (win.y - np.float32(cy)) * np.float32(1 / ry)
            u, v = np.abs(dx * c + dy * s), np.abs(dy * c - dx * s)
            level = u ** np.float32(power) + v ** np.float32(power)
            far = level ** np.float32(1 / power)
            cover = np.clip((1 - far) * np.float32(min(rx, ry) * 0.9) + np.float32(0.5), 0, 1)
            bulge = np.sqrt(np.clip(1 - far * far, 0, 1))
            light = np.float32(0.5) + np.float32(0.42) * bulge - np.float32(0.26) * dx - np.float32(0.36) * dy
            base = yuv(tone)
            rough = dimple[: win.y.shape[0], : win.x.shape[1]]
            colour = np.empty((3, *cover.shape), np.float32)
            gloss = np.exp(-((dx + np.float32(0.34)) ** 2 + (dy + np.float32(0.4)) ** 2) * np.float32(9))
            colour[0] = (base[0] - 16) * np.clip(light, 0.3, 1.25) + 16 + gloss * 36
            colour[0][: rough.shape[0], : rough.shape[1]] += rough
            colour[1:] = base[1:, None, None]
            canvas.blend(win, cover, colour)
            for side in (-1, 1):  # a face
                ex, ey = cx + side * 0.26 * rx, cy - 0.1 * ry
                canvas.disc(ex, ey, 0.085 * size, "#2a1626", 1.0, 1.4)
                canvas.disc(ex - 0.025 * size, ey - 0.03 * size, 0.028 * size, "#ffffff", 0.95, 1.2)
                canvas.disc(cx + side * 0.46 * rx, cy + 0.12 * ry, 0.1 * size, "#ff6f91", 0.4, 9 * unit)
            win = canvas.window(cx - 0.2 * rx, cy + 0.02 * ry, cx + 0.2 * rx, cy + 0.34 * ry)
            if win is not None:
                smile = np.hypot(
                    (win.x - np.float32(cx)) / np.float32(rx * 0.15),
                    (win.y - np.float32(cy + 0.08 * ry)) / np.float32(ry * 0.15),
                )
                line = np.clip(1.6 - np.abs(smile - 1) * np.float32(0.15 * size), 0, 1) * (win.y > cy + 0.1 * ry)
                canvas.blend(win, line, "#2a1626")
        return canvas

    return draw


DRINKS = {
    "latte": ramp(
        (0, "#3a1d0f"), (0.3, "#6b3a1e"), (0.5, "#a8683a"), (0.66, "#e3bd8f"), (0.85, "#fbeedb"), (1, "#5b2f18")
    ),
    "matcha": ramp(
        (0, "#3f5f1f"), (0.3, "#6b8f2f"), (0.5, "#97b850"), (0.66, "#cfe09a"), (0.85, "#f7f9e3"), (1, "#5a7a28")
    ),
}
