"""`manage.py generate_community`: a community of any size, to see how the site feels when it is full."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from config.demo.crowd import gather
from config.demo.people import PASSWORD


class Command(BaseCommand):
    help = "Fill an empty demo site with invented people and clips (without video files)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=10_000)
        parser.add_argument("--clips", type=int, default=100_000)

    def handle(self, *args: Any, people: int, clips: int, **options: Any) -> None:
        if people < 2 or clips < 1:
            raise CommandError("a community has two people and a clip at least")
        if User.objects.exists():
            raise CommandError(
                "somebody lives here already: give it an empty database (VAR_DIR=... or DATABASE_URL=...)"
            )
        begun = time.monotonic()
        reader = gather(people=people, clips=clips)
        User.objects.filter(pk=reader.pk).update(password=make_password(PASSWORD))
        self.stdout.write(
            f"{people} people and {clips} clips in {time.monotonic() - begun:.0f} s. "
            f"Sign in as {reader.username}, password {PASSWORD}."
        )
