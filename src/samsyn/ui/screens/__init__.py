"""The screens that every room shares: a list, a page for one thing, a form, an act.

A room says which selector reads, which service writes and which form or columns
are shown. Nothing here knows any domain; nothing in a room repeats this.
"""

from __future__ import annotations

from samsyn.ui.filters import ActorForm, FilterForm
from samsyn.ui.screens.choosing import BulkButton
from samsyn.ui.screens.details import Button, DetailScreen, FileScreen
from samsyn.ui.screens.forms import ActionScreen, FormScreen
from samsyn.ui.screens.lists import ListScreen
from samsyn.ui.screens.screen import PageScreen, Screen
from samsyn.ui.tables import Column

__all__ = [
    "ActionScreen",
    "ActorForm",
    "BulkButton",
    "Button",
    "Column",
    "DetailScreen",
    "FileScreen",
    "FilterForm",
    "FormScreen",
    "ListScreen",
    "PageScreen",
    "Screen",
]
