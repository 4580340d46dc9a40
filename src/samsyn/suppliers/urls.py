from __future__ import annotations

from samsyn.entities.screens import Screens
from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.services import DONE

app_name = "suppliers"
urlpatterns = Screens(SUPPLIER, DONE).urls()
