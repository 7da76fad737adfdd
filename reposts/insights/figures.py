"""What may be shown of a number of people, so that no single person can be read out of it.

One or two people are never told apart: such a number is "fewer than 3". A list whose parts add up to a known total
would give a hidden part away, so small parts are put together until they are 3 or more. A row of days carries a small
day over to the next one. Nobody is named by these rules: names come only through the rule for reposts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEW = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of people; `value` is None for one or two of them, which is not told apart."""

    value: int | None

    @classmethod
    def of(cls, number: int) -> Figure:
        return cls(None if 0 < number < FEW else number)

    @property
    def is_few(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Parts:
    """A total cut into named parts of 3 and more; `rest` holds the smaller ones together."""

    parts: list[tuple[str, int]]
    rest: Figure

    @property
    def most(self) -> int:
        return max((number for _name, number in self.parts), default=0)


def parts(numbers: Mapping[str, int]) -> Parts:
    """The parts that may be shown, in the given order. If the small ones together are still few, the smallest part
    that could be shown joins them: else it would follow from the total."""
    small = sum(number for number in numbers.values() if 0 < number < FEW)
    shown = [(name, number) for name, number in numbers.items() if number >= FEW]
    if 0 < small < FEW and shown:
        least = min(shown, key=lambda part: part[1])
        shown.remove(least)
        small += least[1]
    return Parts(shown, Figure.of(small))


def carried(days: Sequence[int]) -> list[int]:
    """Each day's number; what is below 3 is added to the next day, and at the end left out."""
    shown, carry = [], 0
    for number in days:
        carry += number
        shown.append(carry if carry >= FEW else 0)
        if carry >= FEW:
            carry = 0
    return shown


def share(part: int, whole: int) -> int:
    """Percent, rounded."""
    return round(100 * part / whole) if whole else 0
