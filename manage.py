#!/usr/bin/env python
"""Django's command line. `sandbox` runs under settings of its own: it is not part of the portal."""

import os
import sys
from importlib import import_module


def main() -> None:
    is_sandbox = sys.argv[1:2] == ["sandbox"]
    settings = "sandbox.settings" if is_sandbox else "mps_portal.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    # A missing variable is named at once. Django keeps it to itself until the command stumbles, over something else.
    import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
