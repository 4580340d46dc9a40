"""Pages with a fault that nobody should write: they forget the scope and the gate."""

from __future__ import annotations

from django.db import DatabaseError, transaction
from django.http import JsonResponse, StreamingHttpResponse
from django.urls import include, path

from samsyn.access.scoping import beyond
from samsyn.findings.models import Finding
from tests.cast import make_finding


def every_finding(request):
    return JsonResponse({"found": sorted(Finding.unscoped.values_list("pk", flat=True))})


def counted(request):
    rows = beyond(Finding.unscoped.all(), "a number and nothing more")
    return JsonResponse({"found": rows.count(), "then": Finding.unscoped.count()})


def sent_in_pieces(request):
    rows = Finding.unscoped.order_by("pk").values_list("pk", flat=True)
    return StreamingHttpResponse(f"{pk}\n" for pk in rows.iterator(chunk_size=1))


def add(request, pk):
    from samsyn.organisations.models import Organisation

    organisation = Organisation.unscoped.get(pk=pk)
    try:
        with transaction.atomic():
            make_finding(organisation, subject="198.18.9.9")
    except DatabaseError as error:
        return JsonResponse({"refused": str(error)})
    return JsonResponse({})


def change(request):
    rows = Finding.unscoped.all()
    return JsonResponse({"changed": rows.update(severity=1), "deleted": rows.delete()[0]})


def raw(request):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from findings_finding")
        return JsonResponse({"found": cursor.fetchone()[0]})


urlpatterns = [
    path("planted/all/", every_finding),
    path("planted/raw/", raw),
    path("planted/counted/", counted),
    path("planted/pieces/", sent_in_pieces),
    path("planted/add/<int:pk>/", add),
    path("planted/change/", change),
    path("answer/planted/", every_finding),  # where nobody has signed in
    path("", include("samsyn.site.urls")),
]
