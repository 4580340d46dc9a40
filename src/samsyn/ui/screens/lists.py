from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.access.commands import command_of
from samsyn.access.http import ActorRequest
from samsyn.access.letters import InReadersOrder, as_read, field_at, is_read
from samsyn.access.permissions import Permission
from samsyn.access.reading import note_list
from samsyn.analytics.version_cache import cached_by_version
from samsyn.audit.selectors import trail_version
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.kernel.limits import id_read
from samsyn.ui import selectors, services
from samsyn.ui.components import EmptyState
from samsyn.ui.exports import csv_response, file_name, xlsx_response
from samsyn.ui.filters import FilterForm
from samsyn.ui.models import SavedView
from samsyn.ui.moments import clock_text
from samsyn.ui.paging import Page, page_of
from samsyn.ui.screens.choosing import CHOSEN_MOST, BulkButton, address_with
from samsyn.ui.screens.details import Button
from samsyn.ui.screens.emptiness import kind_of, require_kind, sees_no_member
from samsyn.ui.screens.screen import Screen, nothing
from samsyn.ui.tables import Column, ColumnHeading, table_html

OWN_KEYS = ("page", "order", "columns", "view", "export")
LISTS_MOST = 100  # a page of a list is 70 kB


class ListScreen(Screen):
    """A list that can be narrowed, sorted, paged, kept as a view, acted on and taken away.

    The selector is given the actor, what the address names and what the filters
    hold; it returns a query (or a list). Ordering and paging happen here.

    Attributes:
        order: the column to begin with, ``-`` before it for the other way round.
        count: a cheaper way to know how many rows there are; same arguments as the selector.
        version: returns a mark that changes whenever a row of the list does; the pages of such a
            list are kept for a minute.
        as_of: returns when what is shown was last brought up to date, given the actor.
        buttons: those beside the heading, given the actor.
        bulk_buttons: what can be done with several rows.
        permission: what it takes somewhere, where it is another than what the rows take.

    """

    template_name = "ui/list.html"
    part = "ui/list.html#list"  # also where a room puts something above its list
    selector: Callable[..., Any] = staticmethod(nothing)
    filters: type[FilterForm] = FilterForm
    columns: tuple[Column, ...] = ()
    order = ""
    page_size = 50
    count: Callable[..., int] | None = None
    version: Callable[[], Hashable] | None = None
    as_of: Callable[..., datetime | None] = staticmethod(nothing)
    buttons: Callable[..., tuple[Button, ...] | None] = staticmethod(nothing)
    bulk_buttons: tuple[BulkButton, ...] = ()
    empty: EmptyState | None = None
    permission: Permission | None = None
    is_wide = True
    is_blind = False  # what is empty is so because the actor sees it at no member

    def get(self, request: ActorRequest, **url: Any) -> HttpResponseBase:
        form = self.filters.asked(request.GET, actor=request.actor, now=timezone.now())
        given = form.for_selector()

        def rows() -> Any:
            found = self.selector(actor=request.actor, **url, **given)
            require_kind(request.actor, found, self.permission)
            return self.ordered(found)

        views = selectors.saved_view_list(actor=request.actor, screen=self.key)
        chosen = self.chosen_columns(views)
        if (kind := request.GET.get("export", "")) in {"csv", "xlsx"}:
            form.require_understood()
            return self.export(kind, chosen, rows())
        total = self.count(actor=request.actor, **url, **given) if self.count else None

        def make() -> tuple[Page, SafeString]:
            page = page_of(rows(), number=self.page_number, size=self.page_size, total=total)
            return page, self.table(page, chosen)

        page, table = self.kept(make, chosen, url)
        self.is_blind = not page.total and sees_no_member(request.actor, rows(), self.permission)
        asked = form.given().get("organisation")
        if asked is not None and not page.total and self.is_closed_at(asked, rows()):
            asked = None  # an empty list then says nothing of it: nothing has been read
        self.note_shown(page.rows, asked)
        response = self.show(**self.shown(form, page, chosen, views), table=table)
        if request.htmx:  # the address without what was left empty: it is sent to others
            response.headers["HX-Push-Url"] = self.short_address()
        return response

    def post(self, request: ActorRequest, **url: Any) -> HttpResponse:
        """Keep or remove a view, choose columns, or act on the chosen rows; then show the list."""
        act = request.POST.get("act", "")
        try:
            self.require_open(**url)
            if act in {"view_save", "view_delete", "columns"}:
                done: HttpResponse = getattr(self, f"do_{act}")()
                return done
            if led := self.do_bulk(act, **url):
                return redirect(led)
        except RuleViolation as error:
            messages.error(request, str(error))
        return redirect(request.get_full_path())

    def is_closed_at(self, organisation: Any, rows: Any) -> bool:
        """Return whether the actor may see no such rows of an organisation."""
        permission = self.permission or kind_of(rows)
        return permission is not None and not self.request.actor.may(permission, organisation.pk)

    def require_open(self, **url: Any) -> None:
        """Require that the actor may open the list: the selector refuses, as when it is shown."""
        form = self.filters.asked(self.request.GET, actor=self.request.actor, now=timezone.now())
        found = self.selector(actor=self.request.actor, **url, **form.for_selector())
        require_kind(self.request.actor, found, self.permission)

    def kept(
        self, make: Callable[[], tuple[Page, SafeString]], columns: Sequence[Column], url: Any
    ) -> tuple[Page, SafeString]:
        """Return the page and its table, made once a minute for all who see the same.

        Only a list that knows its version is kept: the mark that changes when a row does.
        """
        if self.version is None:
            return make()
        asked = (self.key, tuple(url.items()), self.request.GET.urlencode())
        reader = (get_language(), get_current_timezone_name(), timezone.now().timestamp() // 60)
        shown = (*(column.name for column in columns), len(self.usable_buttons()))
        key = (
            asked,
            shown,
            reader,
            self.version(),
            trail_version(),
            self.request.actor.permissions_key(),
        )
        return cached_by_version("lists", key, make, most=LISTS_MOST)

    # What is shown

    def table(self, page: Page, columns: Sequence[Column]) -> SafeString:
        """Return the table of a page."""
        headings = [self.heading(column) for column in columns]
        has_choice = bool(self.usable_buttons())
        return table_html(headings, page.rows, caption=self.title, has_choice=has_choice)

    @property
    def page_number(self) -> int:
        given = self.request.GET.get("page", "1")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1  # noqa: PLR2004  no list has so many pages

    def shown(
        self, form: FilterForm, page: Page, columns: Sequence[Column], views: list[SavedView]
    ) -> dict[str, Any]:
        """Return what the template shows."""
        as_of = self.as_of(actor=self.request.actor)
        chips = form.chips(self.request.GET)
        return {
            "form": form,
            "has_filters": bool(form.fields),
            "filters": form.html,
            "chips": chips,
            "refusals": form.refusals + self.order_refused(),
            "page": page,
            "as_of": clock_text(as_of or timezone.now()),
            "pager": [(n, self.query_url(page=n)) for n in page.numbers],
            "previous_url": self.query_url(page=page.number - 1) if page.number > 1 else "",
            "next_url": self.query_url(page=page.number + 1) if page.number < page.count else "",
            "views": [view for view in views if view.name],
            "current_view": self.request.GET.get("view", ""),
            "column_choice": [(c, c in columns) for c in self.columns if not c.is_fixed],
            "exports": [(k.upper(), self.query_url(export=k)) for k in ("csv", "xlsx")],
            "kept": self.kept_fields(form),
            "list_buttons": self.buttons(actor=self.request.actor) or (),
            "bulk_buttons": self.usable_buttons(),
            "empty": self.empty_place(is_narrowed=bool(chips)),
        }

    def usable_buttons(self) -> list[BulkButton]:
        """Return what this actor may do with several rows, at least somewhere."""
        permissions = [(act, command_of(act.service).permission) for act in self.bulk_buttons]
        actor = self.request.actor
        return [act for act, p in permissions if p is None or actor.may_anywhere(p)]

    def empty_place(self, *, is_narrowed: bool) -> EmptyState:
        """Return what an empty list says: nothing belongs here yet, or nothing fits the filters."""
        if is_narrowed:
            return EmptyState(
                title=_("Nothing matches your choices"),
                text=_("Remove a condition, or start from the whole list."),
                action=_("Show the whole list"),
                url="?",
            )
        if self.is_blind:
            return EmptyState(
                title=_("You do not see the members' here"),
                text=_(
                    "Your role at the security centre shows only what is its own. Members' are "
                    "seen by those whose role and assignment open them."
                ),
            )
        place = self.empty or EmptyState(title=_("There is nothing here yet"))
        return place.for_actor(self.request.actor)

    def heading(self, column: Column) -> ColumnHeading:
        """Return the heading of a column: pressed again, it sorts the other way round."""
        if not column.sort:
            return ColumnHeading(column=column)
        now = self.request.GET.get("order", self.order)
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(now, "")
        turned = f"-{column.name}" if now == column.name else column.name
        return ColumnHeading(
            column=column, url=self.query_url(order=turned, page=1), direction=direction
        )

    def short_address(self) -> str:
        """Return this list's address without empty questions."""
        query = self.request.GET.copy()
        for name in [name for name, values in query.lists() if not any(values)]:
            del query[name]
        return f"{self.request.path}?{query.urlencode()}".rstrip("?")

    def query_url(self, **changed: Any) -> str:
        """Return this list's address with some of its query changed."""
        # A page has twenty of these: a QueryDict would be copied for each.
        query = {name: values for name, values in self.request.GET.lists() if name != "export"}
        query |= {name: [str(value)] for name, value in changed.items()}
        if query.get("page") == ["1"]:
            del query["page"]
        return f"?{urlencode(query, doseq=True)}"

    def kept_fields(self, form: FilterForm) -> list[tuple[str, str]]:
        """Return what the filter form must carry along besides its own fields."""
        return [
            (name, value)
            for name in ("order", "columns")
            for value in self.request.GET.getlist(name)
            if name not in form.fields
        ]

    # Columns and order

    def chosen_columns(self, views: list[SavedView]) -> list[Column]:
        """Return the columns asked for, else those chosen once and for all, else the usual."""
        asked = self.request.GET.get("columns", "")
        if not asked:
            own = next((view.query for view in views if not view.name), "")
            asked = parse_qs(own).get("columns", [""])[0]
        names = set(asked.split(",")) if asked else {c.name for c in self.columns if c.is_shown}
        return [c for c in self.columns if c.is_fixed or c.name in names] or list(self.columns)

    def order_refused(self) -> list[str]:
        """Return what to say when an order is asked for that the list does not have."""
        asked = self.request.GET.get("order", "").removeprefix("-")
        if not asked or any(column.name == asked for column in self.columns if column.sort):
            return []
        return [_("The list cannot be sorted that way; it is in its usual order.")]

    def ordered(self, rows: Any) -> Any:
        """Return the rows in the order asked for; an unknown order is the usual one."""
        asked = self.request.GET.get("order", "")
        by_name = {column.name: column for column in self.columns if column.sort}
        if asked.removeprefix("-") not in by_name:
            asked = self.order
        if asked.removeprefix("-") not in by_name:
            return rows
        column, is_turned = by_name[asked.removeprefix("-")], asked.startswith("-")
        if not isinstance(rows, QuerySet):
            return sorted(rows, key=lambda row: _sortable(column.plain(row)), reverse=is_turned)
        names = _turned(column.sort, is_turned=is_turned)
        return rows.order_by(*(_nothing_last(rows, name) for name in names), "-pk")

    # Taking away

    def export(self, kind: str, columns: Sequence[Column], rows: Any) -> HttpResponseBase:
        """Return all rows of the list as it is narrowed, with the columns that are shown."""
        query = self.request.GET.urlencode()
        note_list(self.request.actor, rows, name=self.title, kind=kind, query=query)
        name = f"{file_name(self.title) or 'list'}-{timezone.localdate():%Y-%m-%d}"
        make = csv_response if kind == "csv" else xlsx_response
        return make(columns, self.export_rows(rows), name=name)

    def export_rows(self, rows: Any) -> Iterable[Any]:
        """Return the rows as the columns read them."""
        return rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else rows

    # Doing

    def do_view_save(self) -> HttpResponse:
        query = self.request.GET.copy()
        for name in ("page", "view", "export"):
            query.pop(name, None)
        view = services.saved_view_create(
            actor=self.request.actor,
            screen=self.key,
            name=self.request.POST.get("name", ""),
            query=query.urlencode(),
        )
        messages.success(self.request, _("The view is saved."))
        return redirect(f"{self.request.path}?{_with(query, view=view.pk)}")

    def do_view_delete(self) -> HttpResponse:
        given = id_read(self.request.POST.get("view", ""))
        if given is None:
            raise NotFound(_("No such view."))
        view = selectors.saved_view_get(actor=self.request.actor, pk=given)
        services.saved_view_delete(actor=self.request.actor, saved_view=view)
        messages.success(self.request, _("The view is removed."))
        return redirect(self.request.path)

    def do_columns(self) -> HttpResponse:
        known = [column.name for column in self.columns]
        columns = [name for name in self.request.POST.getlist("column") if name in known]
        services.columns_choose(actor=self.request.actor, screen=self.key, columns=columns)
        query = self.request.GET.copy()
        query.pop("columns", None)
        return redirect(f"{self.request.path}?{query.urlencode()}")

    def do_bulk(self, name: str, **url: Any) -> str:
        """Do one thing with the rows that are chosen and visible; return where that leads."""
        act = next((each for each in self.bulk_buttons if each.name == name), None)
        if act is None:
            raise NotFound(name)
        found = [id_read(key) for key in self.request.POST.getlist("chosen")[:CHOSEN_MOST]]
        keys = [key for key in found if key is not None]
        rows = self.selector(actor=self.request.actor, **url)
        chosen = _with_keys(rows, keys) if keys else []
        if not chosen:
            raise RuleViolation(_("Choose at least one row first."))
        if act.page:
            return address_with(act.page, chosen, narrowed=self.request.GET.urlencode())
        act.service(actor=self.request.actor, **{act.rows_name: chosen})
        messages.success(self.request, str(act.done))
        return ""


def _with_keys(rows: Any, keys: list[int]) -> list[Any]:
    if isinstance(rows, QuerySet):
        return list(rows.filter(pk__in=keys))
    return [row for row in rows if row.pk in keys]


def _with(query: QueryDict, **more: Any) -> str:
    query = query.copy()
    for name, value in more.items():
        query[name] = str(value)
    return query.urlencode()


def _turned(fields: Sequence[str], *, is_turned: bool) -> list[str]:
    if not is_turned:
        return list(fields)
    return [name[1:] if name.startswith("-") else f"-{name}" for name in fields]


def _nothing_last(rows: QuerySet[Any], name: str) -> Any:
    """Return how to sort by a field; what says nothing comes last either way, in each database."""
    plain = name.removeprefix("-")
    named = rows.query.annotations.get(plain)
    is_text = is_read(named.output_field if named else field_at(rows.model, plain))
    can_be_empty = {field.name for field in rows.model._meta.concrete_fields if field.null}
    is_last = True if named or plain in can_be_empty else None
    if not is_last and not is_text:  # of another table, or never empty
        return name
    field = InReadersOrder(F(plain)) if is_text else F(plain)
    return field.desc(nulls_last=is_last) if name != plain else field.asc(nulls_last=is_last)


def _sortable(value: Any) -> tuple[bool, Any]:
    """Nothing comes first; texts by their letters whatever their case."""
    return (value is not None, as_read(value) if isinstance(value, str) else value or 0)
