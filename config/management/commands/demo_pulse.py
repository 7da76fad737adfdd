"""`manage.py demo_pulse`: keeps the demo community alive until it is stopped."""

from __future__ import annotations

import os
import random
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.pulse import Pulse


class Command(BaseCommand):
    help = "Let somebody in the demo community do something every half minute. `manage.py demo` runs it."

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this is not a demo: set DEMO=1")
        os.nice(10)  # drawing a clip must not be felt by whoever uses the site
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        pulse = Pulse(random.Random(), say=self.stdout.write if verbosity > 1 else lambda line: None)
        pause = 3.0
        while not stopping.wait(pause):
            pause = pulse.beat()
