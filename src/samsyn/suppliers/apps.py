from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class SuppliersConfig(AppConfig):
    """Whom an organisation depends on."""

    name = "samsyn.suppliers"
    verbose_name = _("Suppliers")

    def ready(self) -> None:
        """Let suppliers be pointed to: evidence and actions hang on them."""
        from samsyn.suppliers.entity import SUPPLIER

        ref_kind(RefKind(name="suppliers.Supplier", word=_("supplier"), get=SUPPLIER.get))
