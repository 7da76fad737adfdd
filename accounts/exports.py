"""Exports: asking for one, making it in the background, handing it out, and letting it go.

The row is the queue: a beat sweep finds an export whose bell was lost or whose worker died, and a new worker begins
it anew. There is one under way for a person at a time, and one kept: a new one takes the place of the last.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import archive, bell
from .exceptions import AccountsError
from .models import Export, ExportState, User

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # renewed every few seconds
BEAT_SECONDS = 5
MAX_ATTEMPTS = 3
RESERVE_BYTES = 64 * 2**20  # the database needs room on the same disk
ROWS_KEPT = timedelta(days=30)  # what is over is listed for so long

FAILURES = {
    "storage_full": _("The server has no room for your export right now. Nothing was kept; try again later."),
    "storage": _("The server could not write your export. Nothing was kept; try again later."),
    "gave_up": _("Making your export stopped several times without an answer. Try again later."),
}


class TooManyExports(AccountsError):
    code = "too_many_exports"
    detail = _("You have had several exports made today. Try again tomorrow.")


class _ClaimLostError(Exception):
    """The export is gone, or the lease ran out and another worker has it."""


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def file_of(export: Export) -> Path:
    return folder() / export.key / "export.zip"


def download_name(export: Export) -> str:
    """What the file is called on the person's own disk. ASCII: a handle has nothing else."""
    return f"reprise-{export.user.username}-{export.requested_at:%Y-%m-%d}.zip"


def request_export(*, user: User) -> tuple[Export, bool]:
    """Have an export made. Returns (export, created): while one is under way, that one.

    Raises: TooManyExports after EXPORTS_A_DAY within 24 hours."""
    try:
        with transaction.atomic():
            # The lock makes requests at the same moment count each other.
            User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
            waiting = Export.objects.filter(user=user, state=ExportState.WAITING).first()
            if waiting is not None:
                return waiting, False
            today = Export.objects.filter(user=user, requested_at__gt=timezone.now() - timedelta(days=1))
            if today.exclude(state=ExportState.FAILED).count() >= settings.EXPORTS_A_DAY:
                raise TooManyExports
            export = Export.objects.create(user=user)
            transaction.on_commit(ring)
    except IntegrityError:
        return Export.objects.get(user=user, state=ExportState.WAITING), False
    return export, True


def newest(user: User) -> Export | None:
    return Export.objects.filter(user=user).order_by("-pk").first()


def usable(user: User) -> QuerySet[Export]:
    """The person's exports that can be downloaded now. Nobody has any of anybody else's."""
    return Export.objects.filter(user=user, state=ExportState.READY, expires_at__gt=timezone.now())


def ring() -> None:
    """Wake a worker. A lost bell costs time only: the sweep finds what waits."""
    bell.ring("accounts.tasks.make_exports")


def waiting() -> list[int]:
    """Ids of exports that nobody works on, oldest first."""
    now = timezone.now()
    rows = Export.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state=ExportState.WAITING)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:100])


def make_export(*, export_id: int) -> bool:
    """Make one export if nobody else holds it. False when it was held, done or unknown."""
    now = timezone.now()
    old_key = Export.objects.filter(pk=export_id).values_list("key", flat=True).first()
    key = secrets.token_hex(16)
    claimed = Export.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now), pk=export_id, state=ExportState.WAITING
    ).update(lease_until=now + LEASE, attempts=F("attempts") + 1, key=key, progress=0)
    if not claimed:
        return False
    if old_key:  # a worker was killed over it
        _erase(old_key)
    export = Export.objects.select_related("user").get(pk=export_id)
    if export.attempts > MAX_ATTEMPTS:
        _fail(export, "gave_up")
        return True
    done = False
    try:
        done = _make(export)
    except _ClaimLostError:
        pass
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        if not full:
            logger.exception("export %s: storage", export_id)
        _fail(export, "storage_full" if full else "storage")
    finally:
        if not done:
            _erase(export.key)
    return True


def _make(export: Export) -> bool:
    """Write the file and hand it over. False when the claim was lost meanwhile."""
    target = file_of(export)
    target.parent.mkdir(mode=0o700, parents=True)
    total = archive.bytes_needed(export.user)
    if archive.room(folder()) < total + RESERVE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part = target.with_suffix(".part")
    archive.write(export.user, part, total=total, progress=_beat(export))
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(target)
    now = timezone.now()
    moved = _claimed(export).update(
        state=ExportState.READY,
        progress=100,
        lease_until=None,
        ready_at=now,
        expires_at=now + timedelta(days=settings.EXPORT_DAYS),
        bytes=target.stat().st_size,
    )
    if not moved:
        return False
    for older in Export.objects.filter(user=export.user, state=ExportState.READY, pk__lt=export.pk):
        expire(older)
    return True


def _claimed(export: Export) -> QuerySet[Export]:
    """The row while this worker's claim holds: each claim has a key of its own."""
    return Export.objects.filter(pk=export.pk, state=ExportState.WAITING, key=export.key)


def _beat(export: Export) -> Callable[[int], None]:
    """Show the progress and renew the lease every few seconds. The result raises _ClaimLostError."""
    last = time.monotonic()

    def beat(percent: int) -> None:
        nonlocal last
        if time.monotonic() - last < BEAT_SECONDS:
            return
        last = time.monotonic()
        if not _claimed(export).update(progress=percent, lease_until=timezone.now() + LEASE):
            raise _ClaimLostError

    return beat


def _fail(export: Export, code: str) -> None:
    _claimed(export).update(state=ExportState.FAILED, lease_until=None, failure_code=code, key="")


def _erase(key: str) -> None:
    if key:
        shutil.rmtree(folder() / key, ignore_errors=True)


def expire(export: Export) -> None:
    """Let go of an export's file. The row stays a while: it counts."""
    _erase(export.key)
    Export.objects.filter(pk=export.pk).update(state=ExportState.EXPIRED, key="", bytes=0, lease_until=None)


def drop(export: Export) -> None:
    """Remove an export with its file, whatever its state. A worker that makes it finds its claim lost."""
    _erase(export.key)
    Export.objects.filter(pk=export.pk).delete()


def make_waiting() -> bool:
    """Make the oldest export that nobody holds. Returns whether more are waiting."""
    for export_id in waiting():
        if make_export(export_id=export_id):
            return bool(waiting())
    return False


def let_go() -> int:
    """Hourly: erase files whose time is over, rows long over, and folders that no row names. Returns how many."""
    now = timezone.now()
    over = list(Export.objects.filter(state=ExportState.READY, expires_at__lt=now)[:1_000])
    for export in over:
        expire(export)
    old = Export.objects.exclude(state__in=(ExportState.WAITING, ExportState.READY))
    rows, _models = old.filter(requested_at__lt=now - ROWS_KEPT).delete()
    return len(over) + rows + _erase_nameless()


def _erase_nameless() -> int:
    """Folders that a killed process left behind, once they are a day old: a claim writes its key before the folder."""
    horizon = time.time() - timedelta(days=1).total_seconds()
    gone = 0
    for path in folder().glob("*"):
        try:
            if path.stat().st_mtime > horizon or Export.objects.filter(key=path.name).exists():
                continue
        except FileNotFoundError:
            continue
        shutil.rmtree(path, ignore_errors=True)
        gone += 1
    return gone
