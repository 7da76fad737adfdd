"""What can be refused when a person sets what their feeds leave out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.exceptions import Refusal


class ControlRefused(Refusal):
    """A refusal about feed controls."""


class NoWords(ControlRefused):
    code = "no_words"
    detail = _("There is no word in that. Write a word, a phrase or an emoji.")


class WordsTooLong(ControlRefused):
    code = "words_too_long"
    detail = _("A hidden phrase has at most 100 characters.")


class TooManyWords(ControlRefused):
    code = "too_many_words"
    detail = _("You hide 200 words and phrases, which is the most there can be. Take one back first.")


class OwnControl(ControlRefused):
    code = "own_clip"
    detail = _("Your own clips are not in your feeds anyway.")
