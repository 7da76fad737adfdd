"""`python -m benchmarks [NAME …]`: run on a fresh database of the configured kind and print one table."""

from __future__ import annotations

import os
import sys
import tempfile


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="reprise-bench-") as scratch:
        os.environ["VAR_DIR"] = scratch
        os.environ.setdefault("DEMO", "1")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from . import report

        call_command("migrate", verbosity=0)
        report.run(names)


if __name__ == "__main__":
    main(sys.argv[1:])
