#!/usr/bin/env python
"""Django's command line for Reprise."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:
        # The demo is an own little world: it must not touch the database that a .env file names.
        os.environ["DEMO"] = "1"
        os.environ["ENV_FILE"] = os.devnull
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
