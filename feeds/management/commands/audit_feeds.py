"""`manage.py audit_feeds`: compare the feed stores with the log."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from feeds import audit


class Command(BaseCommand):
    help = "Compare every feed store with the activity log and report each difference. Exit status 1 if there is any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--viewer", metavar="HANDLE", help="only this person's store")
        parser.add_argument(
            "--repair", action="store_true", help="rebuild the stores that differ, plan stuck work again"
        )

    def handle(self, *args: Any, viewer: str | None, repair: bool, **options: Any) -> None:
        viewer_id = None
        if viewer is not None:
            user = User.objects.filter(username=viewer.removeprefix("@")).first()
            if user is None:
                raise CommandError(f"there is no {viewer}", returncode=2)
            viewer_id = user.pk
        found = 0

        def reported() -> Iterator[audit.Difference]:
            nonlocal found
            for difference in audit.differences(viewer_id=viewer_id):
                found += 1
                self.stdout.write(str(difference))
                yield difference

        if repair:
            audit.repair(reported())
        else:
            for _ in reported():
                pass
        if not found:
            self.stdout.write("Stores and log agree.")
            return
        verdict = "repaired" if repair else "found"
        raise CommandError(f"{found} difference{'s' if found > 1 else ''} {verdict}")
