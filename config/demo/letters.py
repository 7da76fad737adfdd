"""What people of the demo sent each other, and what ana and ben searched for. Only mutuals can send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """`who` sent the clip of a scene to `to`, `after` hours after its publication; `reaction` is the first one's answer.

    `read`: it was opened. What is sent to ana last is not, so that her inbox has something new."""

    scene: str
    who: str
    to: tuple[str, ...]
    after: float
    text: str = ""
    reaction: str = ""
    read: bool = True


LETTERS = (
    Letter("jellyfish", "vera", ("ana", "kai"), 2, "Ana! JELLYFISH.", "love"),
    Letter("night_tram", "ben", ("ana",), 3, "Our tram, basically", "laugh"),
    Letter("paper_dawn", "ana", ("ben", "chloe"), 4, "Isto é para a tua parede", "love"),
    Letter("koi_pond", "chloe", ("ana", "ben", "dai"), 8, "On y va en mai ?", "fire"),
    Letter("latte_swirl", "ben", ("hana",), 2, "Table by the window, four o’clock?", "clap"),
    Letter("pixel_cat", "hana", ("ben", "ana"), 3, "우리 집 고양이 맞죠?", "laugh"),
    Letter("pendulum_wave", "jun", ("ben", "chloe"), 5),
    Letter("cherry_petals", "yuki", ("ana", "chloe"), 6, "来年いっしょに。", "love"),
    Letter("reef_shoal", "kai", ("ana", "ben", "vera"), 2, "Turn left with us", "wow"),
    Letter("stained_glass", "chloe", ("ana",), 2, "Rien que pour toi d’abord", "wow"),
    Letter("soap_bubbles", "mira", ("ana", "ben"), 3, "देखो, कितना सुंदर!", "love"),
    Letter("matcha_swirl", "dai", ("ana",), 3, "Come for tea.", read=False),
    Letter("lava_lamp", "ben", ("ana",), 1, "Nonna for president", read=False),
    Letter("breathing_peach", "hana", ("ana", "ben"), 0.2, "숨 쉬어요 🍑", read=False),
)
SEARCHES = (("ana", ("lisboa", "jellyfish", "chloe", "🌅")), ("ben", ("cats", "猫", "night tram")))


def letters_of(scene: str, age: float) -> Iterator[Letter]:
    """Letters about a scene published `age` hours ago that were written by now."""
    return (letter for letter in LETTERS if letter.scene == scene and letter.after < age)
