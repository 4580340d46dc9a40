from __future__ import annotations

from samsyn.entities.api import api_router
from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.services import DONE

router = api_router(SUPPLIER, DONE)
