"""The index of the search, and what a person searched for lately."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .text import QUERY_LENGTH, WORD_LENGTH

KINDS = 4  # a document's id is `target id * KINDS + kind`: nothing to look up, nothing to double


class Kind(models.IntegerChoices):
    PERSON = 0, _("person")
    CLIP = 1, _("clip")
    TAG = 2, _("tag")


class SearchDocument(models.Model):
    """The words of one person, clip or tag, each behind a letter for where it stands (`feeds.search.index`).

    On SQLite the table is the content of an FTS5 table that triggers keep; on PostgreSQL an index on an expression
    does the same. Both are made by the migration that made this table: a later one that alters it on SQLite (where
    Django copies the table) has to make the triggers again. It is a copy: `manage.py rebuild_search` makes it anew.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind)
    tokens = models.TextField(_("words"))
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=0, help_text=_("How well known: a logarithm of followers, or of a tag's clips.")
    )

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target_id}"

    @property
    def target_id(self) -> int:
        return int(self.pk // KINDS)


class RecentSearch(models.Model):
    """What a person searched for; seen by them alone. `folded` is the query in the form in which words compare."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="recent_searches"
    )
    query = models.CharField(_("query"), max_length=QUERY_LENGTH)
    folded = models.CharField(max_length=QUERY_LENGTH + WORD_LENGTH)
    searched_at = models.DateTimeField(_("searched"), db_default=Now())

    class Meta:
        verbose_name = _("recent search")
        verbose_name_plural = _("recent searches")
        constraints = [models.UniqueConstraint(fields=["user", "folded"], name="feeds_recentsearch_once")]
        indexes = [models.Index(fields=["user", "-searched_at"], name="feeds_recentsearch_listing")]

    def __str__(self) -> str:
        return self.query


class SearchPause(models.Model):
    """While there is one, nothing that `user` searches for is remembered."""

    user: Any = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="search_pause"
    )
    since = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("paused search memory")
        verbose_name_plural = _("paused search memories")

    def __str__(self) -> str:
        return f"{self.user_id}"
