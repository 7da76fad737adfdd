"""Celery entry points. Safe to run twice."""

from __future__ import annotations

from celery import shared_task

from . import erasure, exports, handles, mail, upkeep


@shared_task(time_limit=240)  # seconds; below the lease of a mail
def deliver_mail(mail_id: int) -> None:
    mail.deliver(mail_id=mail_id)


@shared_task(time_limit=240)
def sweep_mail() -> None:
    """Mail whose bell was lost, and mail whose time for another try has come."""
    mail.deliver_waiting()


@shared_task(time_limit=120)
def tidy_accounts() -> None:
    upkeep.tidy()


@shared_task(time_limit=1_400)  # seconds; an export of many gigabytes takes minutes
def make_exports() -> None:
    """Make the oldest export that nobody holds, and ring again while more are waiting."""
    if exports.make_waiting():
        exports.ring()


@shared_task(time_limit=30)
def sweep_exports() -> None:
    """Exports whose bell was lost or whose worker died."""
    if exports.waiting():
        exports.ring()


@shared_task(time_limit=1_400)
def erase_due() -> None:
    """Erase the accounts whose time has come, or go on with one."""
    erasure.erase_due()


@shared_task(time_limit=600)
def tidy_departures() -> None:
    """Hourly: exports whose time is over, and reservations of handles."""
    exports.let_go()
    handles.forget_retired()
