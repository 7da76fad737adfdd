"""`manage.py recount_talk`: compare the counts of likes, comments and replies with their rows."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clips.talk import counts


class Command(BaseCommand):
    help = "Compare every count of likes, comments and replies with its rows. Exit status 1 if any differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="set the counts that differ to what the rows say")

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        found = counts.audit(fix=fix)
        for drift in found:
            self.stdout.write(str(drift))
        if not found:
            self.stdout.write("Counts and rows agree.")
            return
        verdict = "put right" if fix else "found"
        raise CommandError(f"{len(found)} difference{'s' if len(found) > 1 else ''} {verdict}")
