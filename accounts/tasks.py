"""Celery entry points. Safe to run twice."""

from __future__ import annotations

from celery import shared_task

from . import mail, upkeep


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
