"""`manage.py rebuild_search`: make the index of the search anew, or only say what is wrong with it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feeds.search import upkeep


class Command(BaseCommand):
    help = "Make the index of the search anew from people and clips. Searches go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; list each difference, exit status 1 if there is any"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(f"{upkeep.rebuild()} documents.")
            return
        found = 0
        for found, line in enumerate(upkeep.differences(), start=1):  # noqa: B007 (the last number is the count)
            self.stdout.write(line)
        if found:
            raise CommandError(f"{found} difference{'s' if found > 1 else ''} found")
        self.stdout.write("The index is right.")
