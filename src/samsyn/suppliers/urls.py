from __future__ import annotations

from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.services import DONE
from samsyn.suppliers.views import SupplierScreens

app_name = "suppliers"
urlpatterns = SupplierScreens(SUPPLIER, DONE).urls()
