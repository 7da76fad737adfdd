"""`manage.py seed_demo`: the demo's people and what happened among them."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User

MEDIA_SECONDS = 80.0  # of the three minutes that a first start may take; the pulse uploads the rest


class Command(BaseCommand):
    help = "Fill an empty site with the demo community. Does nothing where somebody lives already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 8), help="processes for media")
        parser.add_argument("--seconds", type=float, default=MEDIA_SECONDS, help="time for media, at most")

    def handle(self, *args: Any, workers: int, seconds: float, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("everybody's password would be known: only with DEMO=1")
        # A site with people of its own gets no invented ones.
        if User.objects.exists():
            return
        # Not above: numpy and PyAV take most of a second to load, and a second start has no use for them.
        from config.demo.seed import seed

        begun = time.monotonic()
        made = seed(workers=workers, seconds=seconds, say=self.say)
        what = ", ".join(f"{count} {name}" for name, count in made.items())
        self.stdout.write(f"A community of {what}, in {time.monotonic() - begun:.0f} s.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
