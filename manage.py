"""Django's own commands, for those who know them; the project's are `yifu`."""

import os
import sys

from yifu import postgres

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifu.settings")
    postgres.ensure()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
