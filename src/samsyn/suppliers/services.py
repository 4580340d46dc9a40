from __future__ import annotations

from samsyn.entities.services import services
from samsyn.suppliers.entity import SUPPLIER

DONE = services(SUPPLIER)
supplier_add, supplier_change, suppliers_change, suppliers_import = DONE[:4]
supplier_retire, supplier_resume = DONE[4:]
