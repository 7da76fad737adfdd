"""The clips that show a place: skies, land, water, towns."""

from __future__ import annotations

from functools import partial

from config.demo.footage import city, land, marine, night, skies, water, woods
from config.demo.footage.colour import ramp
from config.demo.footage.scene import TALL, Scene
from config.demo.footage.score import Score

OUTDOORS: dict[str, Scene] = {
    # skies
    "aurora_lake": Scene(
        partial(skies.aurora, colours=("#2bff9a", "#8a5bff"), night=skies.NIGHTS["aurora"]),
        Score(
            root=50, mode="lydian", chords=(0, 4, 5, 1), voice="glass", density=0.3, pad=1.3, ambience=(("wind", 0.4),)
        ),
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
        size=TALL,
    ),
    "cloud_lapse": Scene(
        partial(
            skies.clouds,
            sky=skies.SKIES["ember"],
            light="#ffd9a8",
            shadow="#6b4a7d",
            sun=(-0.12, 0.35),
            ground=("#1a1026", "#1a1026"),
        ),
        Score(root=55, mode="major", chords=(0, 5, 3, 4), voice="pluck", density=0.75, bpm=100, pad=0.9),
    ),
    "summer_clouds": Scene(
        partial(
            skies.clouds,
            sky=skies.SKIES["noon"],
            light="#ffffff",
            shadow="#8fb3d9",
            sun=(0.25, -0.5),
            ground=("#5fae57", "#1f5c3a"),
        ),
        Score(
            root=60, mode="major", voice="harp", density=0.6, bpm=90, pad=0.6, ambience=(("birds", 1.0), ("wind", 0.2))
        ),
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
        Score(
            root=50,
            mode="dorian",
            chords=(0, 0, 6, 0),
            voice="harp",
            density=0.7,
            bpm=70,
            pad=0.8,
            ambience=(("wind", 0.6),),
        ),
    ),
    "balloons": Scene(
        partial(
            land.balloons,
            sky=land.SUNRISES["valley"],
            hills=("#8fa3c8", "#6f8fb0", "#4f7d86", "#2f5d57"),
            sun="#ffd9a0",
        ),
        Score(
            root=60, mode="major", chords=(0, 2, 3, 4), voice="pluck", density=0.6, bpm=90, ambience=(("wind", 0.25),)
        ),
        size=TALL,
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
        partial(woods.campfire, night=woods.NIGHTS["camp"]),
        Score(
            root=52,
            mode="major",
            voice="pluck",
            density=0.6,
            bpm=80,
            pad=0.4,
            ambience=(("fire", 1.0), ("crickets", 0.5)),
        ),
    ),
    "lighthouse": Scene(
        partial(night.lighthouse, night=night.NIGHTS["coast"]),
        Score(
            root=50, mode="minor", voice="keys", density=0.3, bpm=60, pad=0.9, ambience=(("waves", 0.9), ("wind", 0.3))
        ),
    ),
    "fireflies": Scene(
        partial(woods.fireflies, mist=woods.NIGHTS["mist"], trunks=("#3f7f78", "#07181b")),
        Score(root=53, mode="lydian", voice="musicbox", density=0.4, bpm=60, pad=0.9, ambience=(("crickets", 0.8),)),
    ),
    "snow_cabin": Scene(
        partial(woods.snow_cabin, night=woods.NIGHTS["snow"]),
        Score(root=58, mode="major", voice="musicbox", density=0.65, bpm=90, pad=0.7, ambience=(("wind", 0.35),)),
    ),
    # water
    "ocean_sunset": Scene(
        partial(water.ocean, sky=water.SKIES["sunset"], deep="#1d2350", sun="#ffd07a", sun_at=0.07),
        Score(root=55, mode="major", voice="keys", density=0.35, bpm=60, pad=0.9, ambience=(("waves", 1.0),)),
        size=TALL,
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
        Score(
            root=62,
            mode="major",
            chords=(0, 3, 0, 4),
            voice="marimba",
            density=0.75,
            bpm=110,
            beat=0.6,
            ambience=(("stream", 0.5),),
        ),
        repeats=2,
    ),
    "rain_window": Scene(
        partial(
            water.rain_window,
            night=water.SKIES["city"],
            lights=("#ffb347", "#ff6b6b", "#ffd97a", "#6bb8ff", "#c58bff", "#5de0c0"),
        ),
        Score(
            root=57, mode="minor", chords=(0, 5), voice="keys", density=0.4, bpm=80, beat=0.5, ambience=(("rain", 1.0),)
        ),
        repeats=2,
    ),
    "jellyfish": Scene(
        partial(
            marine.jellyfish,
            deep=marine.DEPTHS["abyss"],
            tones=(("#7ad7ff", "#ff8ad8"), ("#b79bff", "#ffd0f0"), ("#7affd8", "#8ab4ff")),
        ),
        Score(
            root=48,
            mode="lydian",
            voice="glass",
            density=0.35,
            bpm=60,
            pad=1.2,
            ambience=(("deep", 0.8), ("bubbles", 0.4)),
        ),
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
        Score(
            root=58,
            mode="major",
            voice="marimba",
            density=0.6,
            bpm=80,
            pad=0.8,
            ambience=(("bubbles", 1.0), ("deep", 0.5)),
        ),
    ),
    "koi_pond": Scene(
        marine.koi_pond,
        Score(
            root=57,
            mode="dorian",
            chords=(0, 3, 0, 6),
            voice="harp",
            density=0.5,
            bpm=70,
            pad=0.5,
            ambience=(("stream", 0.9), ("drips", 0.6)),
        ),
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
        Score(
            root=45,
            mode="minor",
            chords=(0, 5, 2, 6),
            voice="pluck",
            octave=2,
            density=0.9,
            bpm=110,
            beat=1.0,
            bass=1.1,
            bright=0.7,
        ),
        size=TALL,
    ),
    "mint_road": Scene(
        partial(
            city.neon_road,
            sky=city.SKIES["mint_night"],
            sun=city.SKIES["mint_sun"],
            grid="#3dffd0",
            ground=("#06394a", "#02101c"),
        ),
        Score(
            root=48,
            mode="dorian",
            chords=(0, 3, 5, 4),
            voice="keys",
            density=0.8,
            bpm=100,
            beat=1.0,
            bass=1.0,
            bright=0.6,
        ),
    ),
    "night_tram": Scene(
        partial(city.tram, sky=city.SKIES["town"]),
        Score(
            root=53,
            mode="major",
            chords=(0, 5, 1, 4),
            voice="keys",
            density=0.5,
            bpm=80,
            beat=0.6,
            pad=0.6,
            ambience=(("rails", 0.7),),
        ),
    ),
    "train_window": Scene(
        partial(
            city.train,
            sky=city.SKIES["evening"],
            fields=("#b58fae", "#9a7a96", "#5f6b72", "#3f5248", "#4d5a2e"),
            sun="#ffcf8a",
        ),
        Score(
            root=55, mode="major", voice="keys", density=0.5, bpm=80, pad=0.6, ambience=(("rails", 1.0), ("vinyl", 0.8))
        ),
    ),
}
