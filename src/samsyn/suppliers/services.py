from __future__ import annotations

from samsyn.entities.services import services
from samsyn.suppliers.entity import SUPPLIER

DONE = services(SUPPLIER)
supplier_add, supplier_change, supplier_retire, supplier_resume = DONE[:4]
suppliers_change, suppliers_import = DONE[4:]
