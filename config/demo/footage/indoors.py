"""The clips of patterns and small things."""

from __future__ import annotations

from functools import partial

from config.demo.footage import fields, garden, geometry, toys
from config.demo.footage.colour import ramp
from config.demo.footage.scene import TALL, Scene
from config.demo.footage.score import Score

_STILL = Score(root=60, mode="lydian", chords=(0, 4, 1, 3), voice="glass", density=0.25, bpm=60, pad=1.2, lead=0.5)
_LOFI = Score(
    root=57, mode="dorian", chords=(0, 3, 4, 2), voice="keys", density=0.5, bpm=80, beat=0.9, pad=0.8, bass=0.9
)
_LOFI = Score(
    root=57, mode="dorian", chords=(0, 3, 4, 2), voice="keys", density=0.5, bpm=80, beat=0.9, pad=0.8, bass=0.9
)

INDOORS: dict[str, Scene] = {
    # fields of colour
    "breathing_peach": Scene(
        partial(fields.breathing, colours=("#ff9a8b", "#ffd6a5", "#ff6a88", "#a18cd1"), orb=("#fff8f0", "#ffd9c0")),
        _STILL,
    ),
    "ink_indigo": Scene(
        partial(fields.ink, palette=fields.PALETTES["indigo"]),
        Score(
            root=50, mode="minor", chords=(0, 5, 3, 4), voice="keys", density=0.45, bpm=70, ambience=(("deep", 0.4),)
        ),
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
        Score(
            root=55,
            mode="major",
            chords=(0, 3, 4, 0),
            voice="bell",
            density=0.4,
            lead=0.45,
            bpm=60,
            pad=1.3,
            bright=0.6,
        ),
    ),
    "satin_rings": Scene(
        partial(fields.interference, palette=fields.PALETTES["satin"]),
        Score(root=48, mode="minor", chords=(0, 6, 5, 4), voice="pluck", density=0.7, bpm=90, bright=0.5),
    ),
    "candy_tunnel": Scene(
        partial(fields.tunnel, palette=fields.PALETTES["candy"]),
        Score(
            root=60,
            mode="major",
            chords=(0, 4, 5, 3),
            voice="pluck",
            octave=1,
            density=0.85,
            bpm=110,
            beat=0.8,
            pad=0.6,
        ),
        size=TALL,
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
        Score(
            root=45,
            mode="lydian",
            chords=(0, 1),
            voice="glass",
            density=0.3,
            bpm=60,
            pad=1.5,
            ambience=(("deep", 0.5),),
        ),
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
        partial(geometry.mandala, palette=("#e4572e", "#f3a712", "#2e86ab", "#a8c686", "#f7e9d0"), back="#2b1a2f"),
        Score(root=50, mode="dorian", chords=(0, 0, 3, 0), voice="harp", density=0.7, bpm=70, pad=1.0),
    ),
    "soap_bubbles": Scene(
        partial(geometry.bubbles, back=geometry.BACKS["lilac"], lights=("#ffffff", "#ffe0f0", "#d0f0ff")),
        Score(root=64, mode="major", voice="glass", density=0.6, bpm=80, pad=0.9, ambience=(("bubbles", 0.5),)),
    ),
    # small things
    "cherry_petals": Scene(
        partial(
            garden.petals,
            back=garden.BACKS["spring"],
            lights=("#ffffff", "#ffd6e5", "#ffc2d9", "#d8f0c8"),
            tones=("#ffb7d0", "#ff9fc0", "#ffd3e2", "#fff0f5"),
            pointed=False,
        ),
        Score(root=62, mode="major", voice="harp", density=0.6, bpm=80, pad=0.7, ambience=(("birds", 0.9),)),
    ),
    "autumn_leaves": Scene(
        partial(
            garden.petals,
            back=garden.BACKS["autumn"],
            lights=("#ffe0a0", "#ffc15e", "#f08a3c", "#d9582b"),
            tones=("#e4572e", "#f3a712", "#c8381f", "#ffcf56"),
            pointed=True,
        ),
        Score(root=55, mode="minor", voice="keys", density=0.5, bpm=70, pad=0.7, ambience=(("wind", 0.6),)),
    ),
    "latte_swirl": Scene(
        partial(toys.latte, drink=toys.DRINKS["latte"], cup="#f7f3ee", table=("#4a2c20", "#7d4f36")),
        Score(
            root=55,
            mode="major",
            chords=(0, 5, 1, 4),
            voice="keys",
            density=0.55,
            bpm=80,
            beat=0.8,
            bass=0.9,
            pad=0.6,
            ambience=(("vinyl", 1.0),),
        ),
    ),
    "matcha_swirl": Scene(
        partial(toys.latte, drink=toys.DRINKS["matcha"], cup="#3d5266", table=("#c9ad88", "#e6d0b0")),
        Score(
            root=57,
            mode="dorian",
            chords=(0, 3, 0, 4),
            voice="harp",
            density=0.6,
            bpm=70,
            pad=0.6,
            ambience=(("stream", 0.4),),
        ),
    ),
    "pixel_cat": Scene(
        toys.pixel_cat,
        Score(
            root=60,
            mode="major",
            chords=(0, 5, 3, 4),
            voice="musicbox",
            density=0.7,
            bpm=90,
            beat=0.5,
            pad=0.5,
            ambience=(("rain", 0.6),),
        ),
        size=TALL,
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
            garden.pot_plant, back=("#f7d6bf", "#e8a598"), leaves=("#3f9e6b", "#57b87b", "#2f855a"), bloom="#ff6f91"
        ),
        Score(
            root=60,
            mode="major",
            chords=(0, 3, 5, 4),
            voice="musicbox",
            density=0.7,
            bpm=90,
            pad=0.6,
            ambience=(("birds", 0.5),),
        ),
    ),
}
