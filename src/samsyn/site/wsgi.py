"""What a server of pages runs. All that the first visitor would wait for is loaded here."""

from __future__ import annotations

import atexit
import gc
import logging
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import override

from samsyn.settings.environment import uses_old_name

ROOMS = Path(__file__).resolve().parent.parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.settings")
application = get_wsgi_application()
from samsyn.site.standby import standby  # noqa: E402  needs the applications that are ready now

standby.is_on = True


def _load() -> None:
    """Load every template, and in every language its words and addresses."""
    for folder in ROOMS.glob("*/templates"):
        for path in folder.rglob("*.html"):
            get_template(str(path.relative_to(folder)))
    for language, _name in settings.LANGUAGES:
        with override(language):
            reverse("site:language")


_load()
if uses_old_name():
    logging.getLogger("samsyn").warning(
        "SAMSYN_TRUSTED_PROXY is an old name: write SAMSYN_TRUSTED_PROXIES=1, or how many there are"
    )
# What is loaded now stays: walking through it again and again costs every page a little.
gc.collect()
gc.freeze()
atexit.register(
    gc.unfreeze
)  # else the engine finds its own objects at the end, and says so at length
gc.set_threshold(20_000, 20, 50)
