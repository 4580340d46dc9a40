from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.settings")
application = get_wsgi_application()

# What is loaded now stays: walking through it again and again costs every page a little.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
