"""Every clip of the demo by name: which engine draws it, in which colours, and what it sounds like."""

from __future__ import annotations

from functools import partial

from config.demo.footage import city, fields, geometry, land, marine, night, skies, water
from config.demo.footage.canvas import ramp
from config.demo.footage.fields import PALETTES
from config.demo.footage.land import SUNRISES
from config.demo.footage.skies import NIGHTS, SKIES
from config.demo.footage.scene import Scene
from config.demo.footage.score import Score

SCENES: dict[str, Scene] = {
    "breathing_peach": Scene(
        partial(fields.breathing, colours=("#ff9a8b", "#ffd6a5", "#ff6a88", "#a18cd1"), orb=("#fff8f0", "#ffd9c0")),
        Score(root=60, mode="lydian", voice="glass", density=0.25, bpm=60, pad=1.2, lead=0.5),
    ),
    "ink_indigo": Scene(partial(fields.ink, palette=PALETTES["indigo"]), Score(root=50, mode="minor", voice="keys")),
    "marble_gold": Scene(partial(fields.ink, palette=PALETTES["gold"], smooth=1.9), Score()),
    "opal": Scene(partial(fields.ink, palette=PALETTES["opal"], relief=40), Score()),
    "lava_lamp": Scene(
        partial(
            fields.lava,
            wax=ramp("#ffe27a", "#ff9d2e", "#ff4d2e", "#d81159"),
            liquid=ramp("#3a0b52", "#6b1263", "#b02669"),
            room=("#150a22", "#7a2350"),
        ),
        Score(),
    ),
    "kaleidoscope": Scene(partial(fields.kaleidoscope, palette=PALETTES["glass"]), Score()),
    "snow_crystal": Scene(partial(fields.kaleidoscope, palette=PALETTES["frost"], sectors=6), Score()),
    "stained_glass": Scene(
        partial(fields.stained_glass, colours=("#e63946", "#f4a261", "#e9c46a", "#2a9d8f", "#457b9d", "#7b2cbf", "#ffafcc")),
        Score(),
    ),
    "satin_rings": Scene(partial(fields.interference, palette=PALETTES["satin"]), Score()),
    "candy_tunnel": Scene(partial(fields.tunnel, palette=PALETTES["candy"]), Score()),
    "aurora_lake": Scene(partial(skies.aurora, colours=("#2bff9a", "#8a5bff"), night=NIGHTS["aurora"]), Score()),
    "aurora_rose": Scene(partial(skies.aurora, colours=("#ff5fa8", "#6a5bff"), night=NIGHTS["violet"], trees=False), Score()),
    "star_trails": Scene(partial(skies.star_trails, night=NIGHTS["trails"]), Score()),
    "moon_phases": Scene(partial(skies.moon_phases, night=NIGHTS["moon"]), Score()),
    "cloud_lapse": Scene(partial(skies.clouds, sky=SKIES["ember"], light="#ffd9a8", shadow="#6b4a7d", sun=(-0.12, 0.35), ground="#1a1026"), Score()),
    "summer_clouds": Scene(partial(skies.clouds, sky=SKIES["noon"], light="#ffffff", shadow="#8fb3d9", sun=(0.25, -0.5), ground="#1f5c3a"), Score()),
    "paper_dawn": Scene(partial(land.papercut, sky=SUNRISES["dawn"], sheets=("#f7b6a0", "#ef8f87", "#d86f7e", "#a9527a", "#6d3a6b", "#3a2350"), sun="#fff0c2"), Score()),
    "paper_forest": Scene(partial(land.papercut, sky=SUNRISES["mint"], sheets=("#b7e0c2", "#8cc9ab", "#5fae93", "#3b8c7b", "#226460", "#123f47"), sun="#fff6bf", rough=0.8), Score()),
    "dune_caravan": Scene(partial(land.dunes, sky=SUNRISES["desert"], light="#f6b25e", dark="#7a3450", haze="#f7b48a", sun="#ffd27a"), Score()),
    "balloons": Scene(partial(land.balloons, sky=SUNRISES["valley"], hills=("#8fa3c8", "#6f8fb0", "#4f7d86", "#2f5d57"), sun="#ffd9a0"), Score()),
    "sky_lanterns": Scene(partial(night.lanterns, night=night.NIGHTS["lanterns"]), Score()),
    "fireworks": Scene(partial(night.fireworks, night=night.NIGHTS["fireworks"], colours=("#ff5d5d", "#ffd166", "#5dd9ff", "#c77dff", "#7dffa8", "#ff9ee5")), Score()),
    "campfire": Scene(partial(night.campfire, night=night.NIGHTS["camp"]), Score()),
    "lighthouse": Scene(partial(night.lighthouse, night=night.NIGHTS["coast"]), Score()),
    "fireflies": Scene(partial(night.fireflies, mist=night.NIGHTS["mist"], trunks=("#3f7f78", "#07181b")), Score()),
    "snow_cabin": Scene(partial(night.snow_cabin, night=night.NIGHTS["snow"]), Score()),
    "ocean_sunset": Scene(partial(water.ocean, sky=water.SKIES["sunset"], deep="#1d2350", sun="#ffd07a", sun_at=0.07), Score()),
    "ocean_noon": Scene(partial(water.ocean, sky=water.SKIES["lagoon"], deep="#0a6a86", sun="#fffbe6", sun_at=0.42, size=0.07), Score()),
    "beach_above": Scene(water.beach, Score()),
    "pool_ring": Scene(partial(water.pool, tiles=ramp("#0a7fa8", "#16a5c4", "#46c8d8", "#a9ecec", "#ffffff"), ring=("#ff4f6d", "#fff5f0")), Score()),
    "rain_window": Scene(partial(water.rain_window, night=water.SKIES["city"], lights=("#ffb347", "#ff6b6b", "#ffd97a", "#6bb8ff", "#c58bff", "#5de0c0")), Score()),
    "jellyfish": Scene(partial(marine.jellyfish, deep=marine.DEPTHS["abyss"], tones=(("#7ad7ff", "#ff8ad8"), ("#b79bff", "#ffd0f0"), ("#7affd8", "#8ab4ff"))), Score()),
    "reef_shoal": Scene(partial(marine.shoal, deep=marine.DEPTHS["reef"], schools=(("#ff9f1c", "#ff6b35", "#fff1d6"), ("#ffe14d", "#f2b705", "#ffffff"), ("#ff6f91", "#d65db1", "#ffd6e0"), ("#bde0fe", "#8ecae6", "#ffffff"))), Score()),
    "koi_pond": Scene(marine.koi_pond, Score()),
    "neon_road": Scene(partial(city.neon_road, sky=city.SKIES["neon"], sun=city.SKIES["neon_sun"], grid="#ff4fd8", ground=("#3a0f5e", "#0d0524")), Score()),
    "night_tram": Scene(partial(city.tram, sky=city.SKIES["town"]), Score()),
    "train_window": Scene(partial(city.train, sky=city.SKIES["evening"], fields=("#b58fae", "#9a7a96", "#5f6b72", "#3f5248", "#4d5a2e"), sun="#ffcf8a"), Score()),
    "truchet_maze": Scene(partial(geometry.truchet, palette=geometry.PALETTES["maze"], back="#221a3d"), Score()),
    "spirograph": Scene(partial(geometry.spirograph, back=geometry.BACKS["ink"], palette=geometry.PALETTES["light"]), Score()),
    "galaxy": Scene(partial(geometry.galaxy, arms=("#7fa8ff", "#ff7fc8"), core="#ffd9a0"), Score()),
    "pendulum_wave": Scene(partial(geometry.pendulums, back=geometry.BACKS["plum"], palette=geometry.PALETTES["rainbow"]), Score()),
    "block_wave": Scene(partial(geometry.blocks, back=geometry.BACKS["dusk"], palette=geometry.PALETTES["blocks"]), Score()),
    "mandala": Scene(partial(geometry.mandala, palette=("#e4572e", "#f3a712", "#2e86ab", "#a8c686", "#f7e9d0"), back="#2b1a2f"), Score()),
    "soap_bubbles": Scene(partial(geometry.bubbles, back=geometry.BACKS["lilac"], lights=("#ffffff", "#ffe0f0", "#d0f0ff")), Score()),
}
