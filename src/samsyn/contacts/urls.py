from __future__ import annotations

from samsyn.contacts.views import PAGES

app_name = "contacts"
urlpatterns = PAGES.urls()
