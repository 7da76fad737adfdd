"""Every clip of the demo by name: which engine draws it, in which colours, and what it sounds like."""

from __future__ import annotations

from functools import partial

from config.demo.footage import city, fields, geometry, land, marine, night, skies, toys, water
from config.demo.footage.canvas import ramp
from config.demo.footage.scene import Scene
from config.demo.footage.score import Score

_TALL = (720, 1280)  # some phones upload more pixels: these engines are cheap enough to do so too
_STILL = Score(root=60, mode="lydian", chords=(0, 4, 1, 3), voice="glass", density=0.25, bpm=60, pad=1.2, lead=0.5)
_LOFI = Score(root=57, mode="dorian", chords=(0, 3, 4, 2), voice="keys", density=0.5, bpm=80, beat=0.9, pad=0.8, bass=0.9)

SCENES: dict[str, Scene] = {
    # skies
    "aurora_lake": Scene(
        partial(skies.aurora, colours=("#2bff9a", "#8a5bff"), night=skies.NIGHTS["aurora"]),
        Score(root=50, mode="lydian", chords=(0, 4, 5, 1), voice="glass", density=0.3, pad=1.3, ambience=(("wind", 0.4),)),
    ),
    "aurora_rose": Scene(
        partial(skies.aurora, colours=("#ff5fa8", "#6a5bff"), night=skies.NIGHTS["violet"], trees=False),
        Score(root=53, mode="minor", chords=(0, 5, 2, 6), voice="bell", density=0.25, lead=0.45, pad=1.3),
    ),
    "star_trails": Scene(
        partial(skies.star_trails, night=skies.NIGHTS["trails"]),
        Score(root=52, mode="major", voice="harp", density=0.6, pad=0.8, ambience=(("crickets", 0.9),)),
    ),
    "moon_phases": Scene(
        partial(skies.moon_phases, night=skies.NIGHTS["moon"]),
        Score(root=54, mode="lydian", voice="keys", density=0.45, pad=0.9, ambience=(("waves", 0.4),)),
        size=_TALL,
    ),
    "cloud_lapse": Scene(
        partial(
            skies.clouds, sky=skies.SKIES["ember"], light="#ffd9a8", shadow="#6b4a7d", sun=(-0.12, 0.35), ground=("#1a1026", "#1a1026")
        ),
        Score(root=55, mode="major", chords=(0, 5, 3, 4), voice="pluck", density=0.75, bpm=100, pad=0.9),
    ),
    "summer_clouds": Scene(
        partial(
            skies.clouds, sky=skies.SKIES["noon"], light="#ffffff", shadow="#8fb3d9", sun=(0.25, -0.5), ground=("#5fae57", "#1f5c3a")
        ),
        Score(root=60, mode="major", voice="harp", density=0.6, bpm=90, pad=0.6, ambience=(("birds", 1.0), ("wind", 0.2))),
    ),
    # land
    "paper_dawn": Scene(
        partial(
            land.papercut,
            sky=land.SUNRISES["dawn"],
            sheets=("#f7b6a0", "#ef8f87", "#d86f7e", "#a9527a", "#6d3a6b", "#3a2350"),
            sun="#fff0c2",
        ),
        Score(root=62, mode="major", voice="musicbox", density=0.6, bpm=80, pad=0.6, ambience=(("birds", 0.7),)),
    ),
    "paper_forest": Scene(
        partial(
            land.papercut,
            sky=land.SUNRISES["mint"],
            sheets=("#b7e0c2", "#8cc9ab", "#5fae93", "#3b8c7b", "#226460", "#123f47"),
            sun="#fff6bf",
            rough=0.8,
        ),
        Score(root=59, mode="lydian", voice="marimba", density=0.7, bpm=90, pad=0.6, ambience=(("birds", 0.8),)),
    ),
    "dune_caravan": Scene(
        partial(
            land.dunes, sky=land.SUNRISES["desert"], light="#f6b25e", dark="#7a3450", haze="#f7b48a", sun="#ffd27a"
        ),
        Score(root=50, mode="dorian", chords=(0, 0, 6, 0), voice="harp", density=0.7, bpm=70, pad=0.8, ambience=(("wind", 0.6),)),
    ),
    "balloons": Scene(
        partial(
            land.balloons, sky=land.SUNRISES["valley"], hills=("#8fa3c8", "#6f8fb0", "#4f7d86", "#2f5d57"), sun="#ffd9a0"
        ),
        Score(root=60, mode="major", chords=(0, 2, 3, 4), voice="pluck", density=0.6, bpm=90, ambience=(("wind", 0.25),)),
        size=_TALL,
    ),
    # lights in the night
    "sky_lanterns": Scene(
        partial(night.lanterns, night=night.NIGHTS["lanterns"]),
        Score(root=57, mode="major", chords=(0, 5, 3, 4), voice="bell", density=0.35, lead=0.5, bpm=60, pad=1.1),
    ),
    "fireworks": Scene(
        partial(
            night.fireworks,
            night=night.NIGHTS["fireworks"],
            colours=("#ff5d5d", "#ffd166", "#5dd9ff", "#c77dff", "#7dffa8", "#ff9ee5"),
        ),
        Score(root=55, mode="major", voice="keys", density=0.4, bpm=70, pad=0.9, ambience=(("rockets", 1.0),)),
    ),
    "campfire": Scene(
        partial(night.campfire, night=night.NIGHTS["camp"]),
        Score(root=52, mode="major", voice="pluck", density=0.6, bpm=80, pad=0.4, ambience=(("fire", 1.0), ("crickets", 0.5))),
    ),
    "lighthouse": Scene(
        partial(night.lighthouse, night=night.NIGHTS["coast"]),
        Score(root=50, mode="minor", voice="keys", density=0.3, bpm=60, pad=0.9, ambience=(("waves", 0.9), ("wind", 0.3))),
    ),
    "fireflies": Scene(
        partial(night.fireflies, mist=night.NIGHTS["mist"], trunks=("#3f7f78", "#07181b")),
        Score(root=53, mode="lydian", voice="musicbox", density=0.4, bpm=60, pad=0.9, ambience=(("crickets", 0.8),)),
    ),
    "snow_cabin": Scene(
        partial(night.snow_cabin, night=night.NIGHTS["snow"]),
        Score(root=58, mode="major", voice="musicbox", density=0.65, bpm=90, pad=0.7, ambience=(("wind", 0.35),)),
    ),
    # water
    "ocean_sunset": Scene(
        partial(water.ocean, sky=water.SKIES["sunset"], deep="#1d2350", sun="#ffd07a", sun_at=0.07),
        Score(root=55, mode="major", voice="keys", density=0.35, bpm=60, pad=0.9, ambience=(("waves", 1.0),)),
        size=_TALL,
    ),
    "ocean_noon": Scene(
        partial(water.ocean, sky=water.SKIES["lagoon"], deep="#0a6a86", sun="#fffbe6", sun_at=0.42, size=0.07),
        Score(root=60, mode="major", voice="marimba", density=0.6, bpm=90, pad=0.5, ambience=(("waves", 0.8),)),
    ),
    "beach_above": Scene(
        water.beach, Score(root=57, mode="lydian", voice="", lead=0, pad=0.6, bass=0.2, ambience=(("waves", 1.6),))
    ),
    "pool_ring": Scene(
        partial(
            water.pool, tiles=ramp("#0a7fa8", "#16a5c4", "#46c8d8", "#a9ecec", "#ffffff"), ring=("#ff4f6d", "#fff5f0")
        ),
        Score(root=62, mode="major", chords=(0, 3, 0, 4), voice="marimba", density=0.75, bpm=110, beat=0.6, ambience=(("stream", 0.5),)),
        repeats=2,
    ),
    "rain_window": Scene(
        partial(
            water.rain_window,
            night=water.SKIES["city"],
            lights=("#ffb347", "#ff6b6b", "#ffd97a", "#6bb8ff", "#c58bff", "#5de0c0"),
        ),
        Score(root=57, mode="minor", chords=(0, 5), voice="keys", density=0.4, bpm=80, beat=0.5, ambience=(("rain", 1.0),)),
        repeats=2,
    ),
    "jellyfish": Scene(
        partial(
            marine.jellyfish,
            deep=marine.DEPTHS["abyss"],
            tones=(("#7ad7ff", "#ff8ad8"), ("#b79bff", "#ffd0f0"), ("#7affd8", "#8ab4ff")),
        ),
        Score(root=48, mode="lydian", voice="glass", density=0.35, bpm=60, pad=1.2, ambience=(("deep", 0.8), ("bubbles", 0.4))),
    ),
    "reef_shoal": Scene(
        partial(
            marine.shoal,
            deep=marine.DEPTHS["reef"],
            schools=(
                ("#ff9f1c", "#ff6b35", "#fff1d6"),
                ("#ffe14d", "#f2b705", "#ffffff"),
                ("#ff6f91", "#d65db1", "#ffd6e0"),
                ("#bde0fe", "#8ecae6", "#ffffff"),
            ),
        ),
        Score(root=58, mode="major", voice="marimba", density=0.6, bpm=80, pad=0.8, ambience=(("bubbles", 1.0), ("deep", 0.5))),
    ),
    "koi_pond": Scene(
        marine.koi_pond,
        Score(root=57, mode="dorian", chords=(0, 3, 0, 6), voice="harp", density=0.5, bpm=70, pad=0.5, ambience=(("stream", 0.9), ("drips", 0.6))),
    ),
    # town and road
    "neon_road": Scene(
        partial(
            city.neon_road,
            sky=city.SKIES["neon"],
            sun=city.SKIES["neon_sun"],
            grid="#ff4fd8",
            ground=("#3a0f5e", "#0d0524"),
        ),
        Score(root=45, mode="minor", chords=(0, 5, 2, 6), voice="pluck", octave=2, density=0.9, bpm=110, beat=1.0, bass=1.1, bright=0.7),
        size=_TALL,
    ),
    "mint_road": Scene(
        partial(
            city.neon_road,
            sky=city.SKIES["mint_night"],
            sun=city.SKIES["mint_sun"],
            grid="#3dffd0",
            ground=("#06394a", "#02101c"),
        ),
        Score(root=48, mode="dorian", chords=(0, 3, 5, 4), voice="keys", density=0.8, bpm=100, beat=1.0, bass=1.0, bright=0.6),
    ),
    "night_tram": Scene(
        partial(city.tram, sky=city.SKIES["town"]),
        Score(root=53, mode="major", chords=(0, 5, 1, 4), voice="keys", density=0.5, bpm=80, beat=0.6, pad=0.6, ambience=(("rails", 0.7),)),
    ),
    "train_window": Scene(
        partial(
            city.train,
            sky=city.SKIES["evening"],
            fields=("#b58fae", "#9a7a96", "#5f6b72", "#3f5248", "#4d5a2e"),
            sun="#ffcf8a",
        ),
        Score(root=55, mode="major", voice="keys", density=0.5, bpm=80, pad=0.6, ambience=(("rails", 1.0), ("vinyl", 0.8))),
    ),
    # fields of colour
    "breathing_peach": Scene(
        partial(
            fields.breathing, colours=("#ff9a8b", "#ffd6a5", "#ff6a88", "#a18cd1"), orb=("#fff8f0", "#ffd9c0")
        ),
        _STILL,
    ),
    "ink_indigo": Scene(
        partial(fields.ink, palette=fields.PALETTES["indigo"]),
        Score(root=50, mode="minor", chords=(0, 5, 3, 4), voice="keys", density=0.45, bpm=70, ambience=(("deep", 0.4),)),
    ),
    "marble_gold": Scene(
        partial(fields.ink, palette=fields.PALETTES["gold"], smooth=1.9),
        Score(root=52, mode="dorian", voice="bell", density=0.3, lead=0.45, bpm=60, pad=1.1),
    ),
    "opal": Scene(
        partial(fields.ink, palette=fields.PALETTES["opal"], relief=16),
        Score(root=62, mode="lydian", voice="glass", density=0.5, bpm=70, pad=1.0),
    ),
    "lava_lamp": Scene(
        partial(
            fields.lava,
            wax=ramp("#ffe27a", "#ff9d2e", "#ff4d2e", "#d81159"),
            liquid=ramp("#3a0b52", "#6b1263", "#b02669"),
            room=("#150a22", "#7a2350"),
        ),
        _LOFI,
    ),
    "kaleidoscope": Scene(
        partial(fields.kaleidoscope, palette=fields.PALETTES["glass"]),
        Score(root=60, mode="major", chords=(0, 5, 3, 4), voice="musicbox", density=0.8, bpm=100, pad=0.7),
    ),
    "stained_glass": Scene(
        partial(
            fields.stained_glass,
            colours=("#e63946", "#f4a261", "#e9c46a", "#2a9d8f", "#457b9d", "#7b2cbf", "#ffafcc"),
        ),
        Score(root=55, mode="major", chords=(0, 3, 4, 0), voice="bell", density=0.4, lead=0.45, bpm=60, pad=1.3, bright=0.6),
    ),
    "satin_rings": Scene(
        partial(fields.interference, palette=fields.PALETTES["satin"]),
        Score(root=48, mode="minor", chords=(0, 6, 5, 4), voice="pluck", density=0.7, bpm=90, bright=0.5),
    ),
    "candy_tunnel": Scene(
        partial(fields.tunnel, palette=fields.PALETTES["candy"]),
        Score(root=60, mode="major", chords=(0, 4, 5, 3), voice="pluck", octave=1, density=0.85, bpm=110, beat=0.8, pad=0.6),
        size=_TALL,
    ),
    # geometry
    "truchet_maze": Scene(
        partial(geometry.truchet, palette=geometry.PALETTES["maze"], back="#221a3d"),
        Score(root=52, mode="dorian", voice="marimba", density=0.9, bpm=110, beat=0.5, pad=0.6),
    ),
    "spirograph": Scene(
        partial(geometry.spirograph, back=geometry.BACKS["ink"], palette=geometry.PALETTES["light"]),
        Score(root=57, mode="lydian", voice="bell", density=0.5, lead=0.5, bpm=80),
    ),
    "galaxy": Scene(
        partial(geometry.galaxy, arms=("#7fa8ff", "#ff7fc8"), core="#ffd9a0"),
        Score(root=45, mode="lydian", chords=(0, 1), voice="glass", density=0.3, bpm=60, pad=1.5, ambience=(("deep", 0.5),)),
    ),
    "pendulum_wave": Scene(
        partial(geometry.pendulums, back=geometry.BACKS["plum"], palette=geometry.PALETTES["rainbow"]),
        Score(root=60, mode="major", voice="marimba", density=0.95, bpm=110, pad=0.5),
    ),
    "block_wave": Scene(
        partial(geometry.blocks, back=geometry.BACKS["dusk"], palette=geometry.PALETTES["blocks"]),
        _LOFI,
    ),
    "mandala": Scene(
        partial(
            geometry.mandala, palette=("#e4572e", "#f3a712", "#2e86ab", "#a8c686", "#f7e9d0"), back="#2b1a2f"
        ),
        Score(root=50, mode="dorian", chords=(0, 0, 3, 0), voice="harp", density=0.7, bpm=70, pad=1.0),
    ),
    "soap_bubbles": Scene(
        partial(geometry.bubbles, back=geometry.BACKS["lilac"], lights=("#ffffff", "#ffe0f0", "#d0f0ff")),
        Score(root=64, mode="major", voice="glass", density=0.6, bpm=80, pad=0.9, ambience=(("bubbles", 0.5),)),
    ),
    # small things
    "cherry_petals": Scene(
        partial(
            toys.petals,
            back=toys.BACKS["spring"],
            lights=("#ffffff", "#ffd6e5", "#ffc2d9", "#d8f0c8"),
            tones=("#ffb7d0", "#ff9fc0", "#ffd3e2", "#fff0f5"),
            pointed=False,
        ),
        Score(root=62, mode="major", voice="harp", density=0.6, bpm=80, pad=0.7, ambience=(("birds", 0.9),)),
    ),
    "autumn_leaves": Scene(
        partial(
            toys.petals,
            back=toys.BACKS["autumn"],
            lights=("#ffe0a0", "#ffc15e", "#f08a3c", "#d9582b"),
            tones=("#e4572e", "#f3a712", "#c8381f", "#ffcf56"),
            pointed=True,
        ),
        Score(root=55, mode="minor", voice="keys", density=0.5, bpm=70, pad=0.7, ambience=(("wind", 0.6),)),
    ),
    "latte_swirl": Scene(
        partial(toys.latte, drink=toys.DRINKS["latte"], cup="#f7f3ee", table=("#4a2c20", "#7d4f36")),
        Score(root=55, mode="major", chords=(0, 5, 1, 4), voice="keys", density=0.55, bpm=80, beat=0.8, bass=0.9, pad=0.6, ambience=(("vinyl", 1.0),)),
    ),
    "matcha_swirl": Scene(
        partial(toys.latte, drink=toys.DRINKS["matcha"], cup="#3d5266", table=("#c9ad88", "#e6d0b0")),
        Score(root=57, mode="dorian", chords=(0, 3, 0, 4), voice="harp", density=0.6, bpm=70, pad=0.6, ambience=(("stream", 0.4),)),
    ),
    "pixel_cat": Scene(
        toys.pixel_cat,
        Score(root=60, mode="major", chords=(0, 5, 3, 4), voice="musicbox", density=0.7, bpm=90, beat=0.5, pad=0.5, ambience=(("rain", 0.6),)),
        size=_TALL,
    ),
    "clay_bounce": Scene(
        partial(
            toys.clay,
            back=("#ffcf99", "#f79f79"),
            tones=("#ef476f", "#3fa7d6", "#ffd166", "#9b5de5", "#06d6a0", "#ff8c42"),
        ),
        Score(root=64, mode="major", chords=(0, 3, 0, 4), voice="marimba", density=0.95, bpm=120, beat=0.8, pad=0.3),
        repeats=2,
    ),
    "pot_plant": Scene(
        partial(
            toys.pot_plant, back=("#f7d6bf", "#e8a598"), leaves=("#3f9e6b", "#57b87b", "#2f855a"), bloom="#ff6f91"
        ),
        Score(root=60, mode="major", chords=(0, 3, 5, 4), voice="musicbox", density=0.7, bpm=90, pad=0.6, ambience=(("birds", 0.5),)),
    ),
}
