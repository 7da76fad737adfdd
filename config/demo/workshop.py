"""What authors have in the works: captions of their clips, drafts, and one clip that goes out by itself.

Times of captions are milliseconds; `days` is from now.
"""

from __future__ import annotations

from dataclasses import dataclass

# By scene, then language: (start, end, text). What is heard is made-up footage with music, so they tell of the sounds.
CAPTIONS: dict[str, dict[str, tuple[tuple[int, int, str], ...]]] = {
    "ocean_sunset": {
        "pt": ((0, 2_000, "<i>[ondas calmas]</i>"), (2_000, 4_000, "O mar de hoje, ao fim da tarde."), (4_000, 5_900, "Fica um bocadinho.")),
        "en": ((0, 2_000, "<i>[calm waves]</i>"), (2_000, 4_000, "The sea today, late in the afternoon."), (4_000, 5_900, "Stay a while.")),
    },
    "jellyfish": {
        "en": ((0, 2_500, "<i>[slow, deep tones]</i>"), (2_500, 5_500, "No brain, no heart,\nno bad days.")),
        "es": ((0, 2_500, "<i>[tonos lentos y graves]</i>"), (2_500, 5_500, "Sin cerebro, sin corazón,\nsin días malos.")),
    },
    "star_trails": {
        "ar": ((0, 3_000, "<i>[ليلٌ هادئ]</i>"), (3_000, 5_800, "أربع ساعات من دوران الأرض.")),
        "en": ((0, 3_000, "<i>[a quiet night]</i>"), (3_000, 5_800, "Four hours of the earth turning.")),
    },
    "koi_pond": {
        "zh-Hans": ((0, 2_800, "<i>[水声]</i>"), (2_800, 5_600, "池塘里的时间走得慢一点。")),
        "en": ((0, 2_800, "<i>[water]</i>"), (2_800, 5_600, "Time goes slower in a pond.")),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A clip that is prepared and waits: as a draft, or for its time in `days`."""

    scene: str
    author: str
    caption: str
    alt: str = ""
    days: float | None = None


UNPUBLISHED = (
    Unpublished("ocean_noon", "ana", "Meio-dia, sem vento. Sai na sexta. #lisboa", "Flat blue water under a high sun.", days=2),
    Unpublished("paper_forest", "ana", "Ainda sem legenda… (para a Chloé)", "A forest cut from layers of green paper."),
    Unpublished("summer_clouds", "ana", ""),
)  # fmt: skip
