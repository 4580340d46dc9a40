"""``python -m samsyn`` is the command ``samsyn``."""

from samsyn.site.console import main

main()
