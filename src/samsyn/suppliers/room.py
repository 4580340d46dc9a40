"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"suppliers/": "urls"},
    searched=(Searched(40, _("Suppliers"), "entity.SUPPLIER.list"),),
    demonstration="demonstration.suppliers_build",
    pages=(
        NavigationPage(
            part="know",
            place=30,
            label=_("Suppliers"),
            url_name="suppliers:list",
            permission=Permission.SUPPLIERS_VIEW,
            key="s",
        ),
    ),
    api=(ApiMount("suppliers", _("Suppliers")),),
    limits={
        "suppliers": Limit(
            2000,
            "suppliers of an organisation",
            _("An organisation has at most %(most)d suppliers."),
        ),
    },
    deeds={
        "suppliers.supplier_add": pgettext_lazy("deed", "Added a supplier"),
        "suppliers.supplier_change": pgettext_lazy("deed", "Changed a supplier"),
        "suppliers.supplier_resume": pgettext_lazy("deed", "Took a supplier into use again"),
        "suppliers.supplier_retire": pgettext_lazy("deed", "Retired a supplier"),
        "suppliers.suppliers_change": pgettext_lazy("deed", "Changed several suppliers"),
        "suppliers.suppliers_import": pgettext_lazy("deed", "Imported suppliers"),
    },
)
