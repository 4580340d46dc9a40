"""What a room says of a plain thing that an organisation owns: its fields, words and extras."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import NullIf
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.kernel.errors import NotFound
from samsyn.ui.components import StateBadge, Tone
from samsyn.ui.components.base import Text
from samsyn.ui.tables import Column


@dataclass(frozen=True, kw_only=True)
class EntityWords:
    """Whole sentences about one kind of thing: languages do not build them from parts."""

    intro: Text
    empty: Text
    empty_text: Text
    add: Text
    added: Text
    change: Text
    import_sheet: Text
    imported: Text
    change_several: Text
    retire: Text = ""
    retire_question: Text = ""
    retire_consequence: Text = ""
    retired: Text = ""
    resume_question: Text = ""
    resumed: Text = ""


@dataclass(frozen=True)
class Field:
    """One field of the model, and where it is used besides form, API and export.

    Attributes:
        name: as the model has it.
        filter: the lookup by which a list is narrowed (exact, gte, lt ...); empty for none.
        filter_name: of the filter, where it is not that of the field.
        filter_label: what the filter asks, where it asks otherwise than the field is called.
        question: the label in the form, where it asks otherwise than the field is called.
        help: what stands below the field in the form.
        is_searched: whether the search of the list looks into it.
        is_column: whether it is among the columns that one begins with.
        is_fact: whether the page of a thing shows it.
        is_bulk: whether it can be given to several things at once.
        choices: of a foreign key, ``choices(actor=, organisation=)`` returns what may be chosen.
        nothing: what the choice of none is called.
        refusal: what is said of one that may not be chosen.
        to: the declaration of what a foreign key points to, where that is a declared thing.

    """

    name: str
    filter: str = ""
    filter_name: str = ""
    filter_label: Text = ""
    question: Text = ""
    help: Text = ""
    is_searched: bool = False
    is_column: bool = True
    is_fact: bool = True
    is_bulk: bool = False
    choices: Callable[..., Any] | None = None
    nothing: Text = ""
    refusal: Text = ""
    to: Entity | None = None

    @property
    def sorted_by(self) -> str:
        """The name by which a list is sorted: of a link, what its reader sees it called."""
        return f"{self.name}_called" if self.to else self.name

    @property
    def asked_as(self) -> str:
        """The name of the filter."""
        return self.filter_name or self.name


@dataclass(frozen=True, kw_only=True)
class State:
    """The state of a thing by a rule: a column, a badge, and a filter that asks the same rule.

    A retired thing is in none.

    Attributes:
        name: of the column and the filter.
        label: what they are called.
        of: ``of(thing, today=)`` returns the state.
        where: ``where(state, today=)`` returns the condition of the rows that are in a state.
        words: each state in words, with its tone, in the order of the choice.
        sort: the fields by which the column is sorted.

    """

    name: str
    label: Text
    of: Callable[..., str]
    where: Callable[..., Q]
    words: Mapping[str, tuple[Text, Tone]]
    sort: tuple[str, ...] = ()

    def key(self, thing: Any) -> str | None:
        """Return the state of a thing today, as the filter names it; None for a retired thing."""
        if getattr(thing, "is_retired", False):
            return None
        return str(self.of(thing, today=timezone.localdate()))

    def badge(self, thing: Any) -> StateBadge | None:
        """Return the state of a thing today as a badge; None for a retired thing."""
        state = self.key(thing)
        if state is None:
            return None
        word, tone = self.words[state]
        return StateBadge(state=f"{self.name}-{state}", text=word, tone=tone)

    def column(self) -> Column:
        """Return the column."""
        return Column(
            name=self.name,
            label=self.label,
            value=lambda thing: str(getattr(self.badge(thing), "text", "")),
            cell=lambda thing: self.badge(thing) or "",
            sort=self.sort,
        )

    def narrowed(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return those rows that are in a state today."""
        found = rows.filter(self.where(state, today=timezone.localdate()))
        return found.filter(is_retired=False) if hasattr(rows.model, "is_retired") else found


class NotShown:
    """Stands for a thing that is pointed to and that the reader may not see: without its name."""

    is_retired = False

    def __init__(self, pk: int) -> None:
        """Take the id, which the thing that points to it holds."""
        self.pk = pk

    def __str__(self) -> str:
        return _("name not shown")


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A kind of thing that belongs to an organisation, has a version and can be retired.

    Attributes:
        model: ``OrganisationOwned`` and ``Versioned``, usually with ``is_retired`` and
            ``created_at``. What has no retired state is erased, by a service of the room's own.
        view: the permission to see such things.
        change: the permission to add, change and retire them.
        fields: what people write, in the order of form, columns and facts; the first names it.
        words: what its pages say.
        order: the column by which a list begins.
        columns: of the room's own; one named as a field stands in its place.
        after: the field after which they stand.
        panels: ``panel(actor=, thing=)`` returns a component of the page, or None.
        state: the state of such things by a rule, if they have one.
        keys: the fields by which a sheet knows a thing; without, the first.
        rule: ``rule(actor=, thing=, changed=)`` refuses what must not be, before it is written.
        at: the room that declares it, where that is not the one that has the model.

    """

    model: type[Any]
    view: Permission
    change: Permission
    fields: tuple[Field, ...]
    words: EntityWords
    order: str
    columns: tuple[Column, ...] = ()
    after: str = ""
    panels: tuple[Callable[..., Any], ...] = ()
    state: State | None = None
    keys: tuple[str, ...] = ()
    rule: Callable[..., None] | None = None
    at: str = ""

    @property
    def name(self) -> str:
        """The word in code, such as ``supplier``."""
        return str(self.model._meta.model_name)

    @property
    def room(self) -> str:
        """The room, which is also the namespace of its addresses."""
        return self.at or str(self.model._meta.app_label)

    @property
    def kept_in(self) -> str:
        """The room that has the model, by which the trail knows what is done."""
        return str(self.model._meta.app_label)

    def has(self, name: str) -> bool:
        """Return whether the model has a field of this name."""
        return any(known.name == name for known in self.model._meta.concrete_fields)

    @cached_property
    def retires(self) -> bool:
        """Whether such things are retired rather than erased."""
        return self.has("is_retired")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields that people write."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def once(self) -> models.UniqueConstraint | None:
        """The constraint by which an organisation has one of a name only, if it has."""
        wanted = {"organisation", *self.known_by}
        known: list[Any] = list(self.model._meta.constraints)
        unique = [each for each in known if isinstance(each, models.UniqueConstraint)]
        for each in unique:
            if each.condition is None and set(each.fields) == wanted:
                return each
        return None

    @cached_property
    def known_by(self) -> tuple[str, ...]:
        """The fields by which a sheet knows a thing."""
        return self.keys or self.names[:1]

    @cached_property
    def pointing(self) -> tuple[Field, ...]:
        """The fields that point to a person or another thing."""
        return tuple(field for field in self.fields if field.choices)

    @cached_property
    def links(self) -> tuple[tuple[Field, Entity], ...]:
        """The fields that point to declared things, each with the declaration of these."""
        return tuple((field, field.to) for field in self.fields if field.to)

    @cached_property
    def filters(self) -> dict[str, Field]:
        """The fields that narrow a list, by the names of their filters."""
        return {field.asked_as: field for field in self.fields if field.filter}

    def of(self, field: Field) -> models.Field[Any, Any]:
        """Return the model's field."""
        found: models.Field[Any, Any] = self.model._meta.get_field(field.name)
        return found

    def pointed(self, field: Field, thing: Any) -> Any:
        """Return what a field points to: None, the thing, or ``NotShown`` for one not visible."""
        pk = getattr(thing, self.of(field).attname)
        if pk is None:
            return None
        try:
            return getattr(thing, field.name) or NotShown(pk)
        except ObjectDoesNotExist:
            return NotShown(pk)

    def has_said(self, thing: Any, name: str, value: Any) -> bool:
        """Return whether a field of a thing has a value already."""
        known = self.model._meta.get_field(name)
        if known.related_model is None:
            return bool(getattr(thing, name) == value)
        return bool(getattr(thing, known.attname) == getattr(value, "pk", None))

    def list(
        self,
        *,
        actor: Actor,
        organisation: int | None = None,
        search: str = "",
        is_retired: bool | None = False,
        **given: Any,
    ) -> QuerySet[Any]:
        """Return the rows that the actor may see, narrowed by what the filters hold.

        Args:
            actor: who asks.
            organisation: the id of one organisation.
            search: a part of what is searched.
            is_retired: None for all.
            given: values by the names of the filters; None and an empty text narrow nothing.

        Raises:
            KeyError: there is no such filter.

        """
        rows = self._read_for(actor)
        if self.state and (state := given.pop(self.state.name, "")):
            rows = self.state.narrowed(rows, state)
        for name, value in given.items():
            field = self.filters[name]
            if value is not None and value != "":
                rows = rows.filter(**{f"{field.name}__{field.filter}": value})
        if organisation is not None:
            rows = rows.filter(organisation_id=organisation)
        if search:
            parts = [Q(**{f"{f.name}__icontains": search}) for f in self.fields if f.is_searched]
            rows = rows.filter(Q(*parts, _connector=Q.OR))
        if is_retired is None or not self.retires:
            return rows
        return rows.filter(is_retired=is_retired)

    def _read_for(self, actor: Actor) -> QuerySet[Any]:
        """Return the visible rows, read along with what they point to as far as that is visible.

        A join would name what the actor may not see, or lose the row where a policy hides that.
        """
        people = (field.name for field in self.pointing if not field.to)
        rows: QuerySet[Any] = self.model.objects.visible_to(actor)
        rows = rows.select_related("organisation", *people)
        for field, to in self.links:
            seen = to.model.objects.visible_to(actor)
            called = seen.filter(pk=OuterRef(field.name)).order_by().values(to.names[0])
            rows = rows.prefetch_related(Prefetch(field.name, seen.select_related("organisation")))
            # Not the subquery alone: one that is known to be empty would empty the whole list.
            name = NullIf(Subquery(called), Value(""), output_field=models.TextField())
            rows = rows.alias(**{field.sorted_by: name})
        return rows

    def require(self, *, actor: Actor, thing: Any, changed: Collection[str]) -> None:
        """Require what Django's fields and the room's rule say of a thing.

        Raises:
            RuleViolation: the rule refuses it.
            ValidationError: a field does.

        """
        self.require_fields(actor=actor, thing=thing, changed=changed)
        thing.full_clean()

    def require_fields(self, *, actor: Actor, thing: Any, changed: Collection[str]) -> None:
        """Require what ``require`` does, but for what only the database knows."""
        pointing = {field.name for field in self.pointing}
        thing.clean_fields(exclude={"organisation", *pointing})  # a rule reads their one form
        if self.rule:
            self.rule(actor=actor, thing=thing, changed=changed)

    def get(self, *, actor: Actor, pk: int) -> Any:
        """Return one, retired or not.

        Raises:
            NotFound: there is none with this id, or the actor may not see it.

        """
        found = self.list(actor=actor, is_retired=None).filter(pk=pk).first()
        if found is None:
            raise NotFound(_("No such thing."))
        return found
