"""The index: what it holds, and the two questions it answers. The only module that knows one database from the other.

A document's words stand behind a letter: `p` a word of a person's name or handle, `h` a whole handle, `c` a word of a
caption, `t` a whole tag. So one index holds all kinds and a question walks only its own. A question is a list of such
words, and each must be the beginning of one of the document's.

SQLite: an FTS5 table with prefix indexes, walked by document id. PostgreSQL: a GIN index on the words as a tsvector.
Neither is asked to parse anything: words hold letters, digits, marks and symbols only (`feeds.search.text`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from .models import KINDS, Kind, SearchDocument
from .text import squashed, words

CHUNK = 1_000  # documents written in one statement
_FROM = {
    # CROSS keeps SQLite from starting with the documents.
    "sqlite": "feeds_searchindex i CROSS JOIN feeds_searchdocument d ON d.id = i.rowid "
    "WHERE i.feeds_searchindex MATCH %s",
    "postgresql": "feeds_searchdocument d WHERE array_to_tsvector(string_to_array(d.tokens, ' ')) @@ %s::tsquery",
}
_ID = {"sqlite": "i.rowid", "postgresql": "d.id"}


class Hit(NamedTuple):
    """A proposal: nobody has asked yet whether the viewer may see it."""

    target_id: int
    weight: int
    tokens: str


# --- What documents hold ------------------------------------------------------------------------------


def person_tokens(username: str, display_name: str) -> str:
    return " ".join([*(f"p{word}" for word in words(f"{username} {display_name}")), f"h{squashed(username)}"])


def clip_tokens(caption: str) -> str:
    return " ".join(f"c{word}" for word in words(caption))


def tag_tokens(name: str) -> str:
    return f"t{squashed(name)}"


def save(kind: Kind, documents: Iterable[tuple[int, str]]) -> None:
    """Put in, or replace, the words (second) of targets (first)."""
    rows = [SearchDocument(pk=pk * KINDS + kind, kind=kind, tokens=tokens) for pk, tokens in documents]
    SearchDocument.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["id"], update_fields=["tokens"]
    )


def forget(kind: Kind, target_ids: Sequence[int]) -> None:
    """Take these out; no error for what is not in."""
    if target_ids:
        SearchDocument.objects.filter(pk__in=[pk * KINDS + kind for pk in target_ids]).delete()


def purge() -> None:
    """Let go of the words of what was taken out, for the erasure of an account.

    SQLite's FTS5 only marks deleted words as such and drops them when it merges; this merges all at once, which
    rewrites the index (some seconds for a million words). PostgreSQL's vacuum does it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO feeds_searchindex(feeds_searchindex) VALUES('optimize')")


# --- Questions ----------------------------------------------------------------------------------------


def newest(asked: Sequence[str], kind: Kind, *, limit: int, below: int | None = None) -> list[Hit]:
    """Documents that match, the newest target first; with `below`, only targets with a smaller id."""
    identity = _ID[connection.vendor]
    where, params = ("", []) if below is None else (f" AND {identity} < %s", [below * KINDS + kind])
    return _hits(asked, where, params, f"{identity} DESC", limit)


def heaviest(
    asked: Sequence[str],
    kind: Kind,
    *,
    limit: int,
    below: tuple[int, int] | None = None,
    among: QuerySet[Any, Any] | None = None,
) -> list[Hit]:
    """Documents that match, the best known first; with `below`, from that weight and target id on.

    `among` is a queryset of document ids (one column) to stay in."""
    where, params = "", []
    if below is not None:
        weight, target_id = below
        where += " AND (d.weight < %s OR (d.weight = %s AND d.id < %s))"
        params += [weight, weight, target_id * KINDS + kind]
    if among is not None:
        sql, values = among.query.sql_with_params()
        where += f" AND d.id IN ({sql})"
        params += values
    return _hits(asked, where, params, "d.weight DESC, d.id DESC", limit)


def exactly(word: str, *, limit: int = 20) -> list[Hit]:
    """Documents that hold this whole word, the best known first. For words that are whole documents or rare."""
    return _hits([word], "", [], "d.weight DESC, d.id DESC", limit, whole=True)


def _hits(
    asked: Sequence[str], where: str, params: list[Any], order: str, limit: int, *, whole: bool = False
) -> list[Hit]:
    if not asked:
        return []
    vendor = connection.vendor
    if vendor == "sqlite":
        match = " AND ".join(f'"{word}"' if whole else f'"{word}"*' for word in asked)
    else:
        match = " & ".join(f"'{word}'" if whole else f"'{word}':*" for word in asked)
    sql = f"SELECT d.id, d.weight, d.tokens FROM {_FROM[vendor]}{where} ORDER BY {order} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, *params, limit])
        return [Hit(pk // KINDS, weight, tokens) for pk, weight, tokens in cursor.fetchall()]


# --- Upkeep -------------------------------------------------------------------------------------------


@transaction.atomic
def set_weights(kind: Kind, weights: dict[int, int]) -> None:
    """Give these targets their weight; all others of the kind, which nobody follows or uses, get 0."""
    by_weight: dict[int, list[int]] = {}
    known = SearchDocument.objects.filter(kind=kind).values_list("pk", "weight")
    for pk, weight in known.iterator(chunk_size=CHUNK):
        wanted = weights.get(pk // KINDS, 0)
        if wanted != weight:
            by_weight.setdefault(wanted, []).append(pk)
    for weight, ids in by_weight.items():
        for start in range(0, len(ids), CHUNK):
            SearchDocument.objects.filter(pk__in=ids[start : start + CHUNK]).update(weight=weight)


def repair_storage() -> None:
    """Make the database's own part of the index anew from the documents."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO feeds_searchindex(feeds_searchindex) VALUES ('rebuild')")
        else:
            cursor.execute("ANALYZE feeds_searchdocument")


def storage_is_broken() -> bool:
    """Whether SQLite's table of words disagrees with the documents. PostgreSQL keeps its index itself."""
    if connection.vendor != "sqlite":
        return False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Rank 1: compare with the content table, too.
            cursor.execute("INSERT INTO feeds_searchindex(feeds_searchindex, rank) VALUES ('integrity-check', 1)")
    except DatabaseError:
        return True
    return False
