"""Whole words in any script, folded so that a hidden word is found however it was typed.

A folded text is its words in a row with one blank around each: a phrase is in it when the folded phrase, blanks and
all, is a part of it. That is one `instr` for a database, so the rule stays in the queryset that pages are made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import models

# Scripts that put no blanks between words: kana, Han, Thai, Lao, Burmese, Khmer. Each character is a word of its
# own there, so any occurrence of a phrase counts.
_UNSPACED = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f\u00ad]")  # they change how letters look, not which word it is


def fold(text: str) -> str:
    """The words of `text` after NFKC and case folding, each between blanks; empty when there is none.

    Letters, marks, digits and underscores make words; a symbol (an emoji) is a word of its own; all else divides.
    `fold("Éclairs, for ALL!")` is `" éclairs for all "`."""
    text = _JOINERS.sub("", unicodedata.normalize("NFKC", text))
    # Folding may undo the normal form (U+0345), hence twice; see "toNFKC_Casefold" in Unicode, chapter 3.13.
    text = unicodedata.normalize("NFKC", text.casefold())
    words: list[str] = []
    word: list[str] = []
    for char in text:
        kind = unicodedata.category(char)
        alone = kind[0] == "S" or kind == "Cn" or _UNSPACED.match(char) is not None  # "Cn": emoji newer than us
        if not alone and (kind[0] in "LMN" or char == "_"):
            word.append(char)
            continue
        if word:
            words.append("".join(word))
            word = []
        if alone:
            words.append(char)
    if word:
        words.append("".join(word))
    return f" {' '.join(words)} " if words else ""


class FoldedField(models.TextField):
    """The folded form of another field of the row, made whenever that one is saved.

    `save`, `create` and `bulk_create` keep it right by themselves (see `FoldedTexts` for `update_fields`);
    `QuerySet.update` and `bulk_update` of the source must name it too."""

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **{"editable": False, "default": "", "db_default": "", **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, folded)
        return folded


class FoldedTexts(models.Model):
    """A model with folded texts: each goes along with its source when only some fields are saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            named = set(update_fields)
            named |= {
                field.name
                for field in self._meta.concrete_fields
                if isinstance(field, FoldedField) and field.source in named
            }
            update_fields = named
        super().save(*args, update_fields=update_fields, **kwargs)
