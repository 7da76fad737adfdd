"""Erasing an account for good, in small steps that may be cut off at any point and taken up again.

Every app contributes what it knows about a person: it registers erasers, generators that yield after each bounded
batch. They run from the top app down (the order of INSTALLED_APPS), so that what refers to a row goes before the row.
All of them are safe to repeat: after a kill the next worker starts from the first again, and what is gone already
costs a query each.

`tests/life/` walks all models and fails for one that refers to people and that nobody erases, and for a trace that is
left in any table or file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from . import bell
from .handles import retire_handles
from .models import Departure, DepartureKind, Erasure, User

LEASE = timedelta(minutes=10)  # renewed after every batch; a batch takes seconds
RUN_SECONDS = 1_200  # after so long a task makes room for others and rings again
BATCH = 500  # rows removed in one statement


@dataclass(frozen=True, slots=True)
class Eraser:
    """`erase(user)` removes all it knows of, and yields after every batch: at most some seconds of work each.
    Only then: a run that is out of time ends at a yield, and the next one must find less to do.

    `columns` are the references to people that it takes care of, such as `clips.Watch.viewer`."""

    name: str
    erase: Callable[[User], Iterator[None]]
    columns: frozenset[str]


_erasers: list[Eraser] = []


def register(name: str, erase: Callable[[User], Iterator[None]], *, columns: Iterable[str]) -> None:
    """Called by apps when they are ready."""
    _erasers.append(Eraser(name, erase, frozenset(columns)))


def erasers() -> tuple[Eraser, ...]:
    """All erasers in the order in which they run."""
    return tuple(_erasers)


def delete_all(rows: QuerySet[Any, Any]) -> Iterator[None]:
    """Delete `rows` with what hangs on them, batch by batch."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model._base_manager.filter(pk__in=ids).delete()
        yield


def delete_counted(rows: QuerySet[Any, Any], column: str, recount: Callable[[list[int]], object]) -> Iterator[None]:
    """Delete `rows` batch by batch; what their `column` names is counted anew in the same transaction."""
    while found := dict(rows.order_by("pk").values_list("pk", column)[:BATCH]):
        with transaction.atomic():
            rows.model._base_manager.filter(pk__in=list(found)).delete()
            # In order: two workers wait for each other's rows and do not deadlock.
            recount(sorted({counted for counted in found.values() if counted is not None}))
        yield


def ring() -> None:
    """Wake a worker. A lost bell costs time only: the sweep finds what is due."""
    bell.ring("accounts.tasks.erase_due")


def due(limit: int = 100) -> list[int]:
    """Departures whose time has come and that no worker holds, the longest due first."""
    now = timezone.now()
    return list(_claimable(now).order_by("erase_at").values_list("pk", flat=True)[:limit])


def _claimable(now: Any) -> QuerySet[Departure]:
    return Departure.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now), kind=DepartureKind.LEAVING, erase_at__lte=now
    )


def erase_account(*, departure_id: int, seconds: float = RUN_SECONDS) -> bool:
    """Erase one account, or go on erasing it. False when others hold it, it was called off, or `seconds` were over.

    From the claim on the person cannot come back (`departures.come_back` asks the same row)."""
    now = timezone.now()
    claimed = (
        _claimable(now)
        .filter(pk=departure_id)
        .update(lease_until=now + LEASE, attempts=F("attempts") + 1, started_at=Coalesce("started_at", Now()))
    )
    if not claimed:
        return False
    departure = Departure.objects.select_related("user").get(pk=departure_id)
    end = time.monotonic() + seconds
    for eraser in erasers():
        if not _hold(departure, eraser.name):
            return False
        for _batch in eraser.erase(departure.user):
            if not _hold(departure, eraser.name):
                return False
            if time.monotonic() > end:
                _mine(departure).update(lease_until=None)
                ring()
                return False
    return _finish(departure)


def _mine(departure: Departure) -> QuerySet[Departure]:
    """The row while this worker's claim holds: each claim has a number of its own."""
    return Departure.objects.filter(pk=departure.pk, attempts=departure.attempts)


def _hold(departure: Departure, step: str) -> bool:
    """Renew the lease and show the step. False when another worker has taken over."""
    return bool(_mine(departure).update(lease_until=timezone.now() + LEASE, step=step[:40]))


@transaction.atomic
def _finish(departure: Departure) -> bool:
    """The row of the person goes last, with whatever still hangs on it. What stays is that it happened."""
    if not _mine(departure).select_for_update().exists():
        return False
    user = departure.user
    retire_handles({user.username, *user.former_handles.values_list("handle", flat=True)})
    Erasure.objects.create(asked_at=departure.since, attempts=departure.attempts)
    user.delete()
    return True


def erase_due() -> int:
    """Erase every account whose time has come. Returns how many were finished."""
    return sum(erase_account(departure_id=pk) for pk in due())
