from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.access.selectors import person_known
from samsyn.actions.models import (
    Action,
    ActionArea,
    ActionSource,
    ActionState,
    EffectResult,
    Horizon,
    Priority,
)
from samsyn.actions.selectors import (
    GONE,
    ME,
    NOBODY,
    OPEN_WORD,
    ORPHANED,
    OWN_WORK,
    PERSON,
    ROLE,
    UNCLOSED_WORD,
    owners_of_visible,
    owners_possible,
)
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.ui.screens import ActorForm, FilterForm

ROLES = Action._meta.get_field("owner_role").choices or []
# Sources that other rooms make by themselves are not chosen by hand.
TYPED_SOURCES = [c for c in ActionSource.choices if c[0] != ActionSource.FINDING]


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


def words_field(label: Any, help_text: Any = "", *, rows: int = 3, **more: Any) -> forms.CharField:
    """Return a field for some sentences."""
    values = {"required": False, "max_length": 4000} | more
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, widget=widget, **values)


class ActionFilters(FilterForm):
    """What the list of actions can be narrowed by."""

    more = (
        "organisation", "source", "area", "horizon", "priority", "due_after", "due_before",
        "created_after", "changed_after",
    )  # fmt: skip
    search = forms.CharField(label=_("What or why"), widget=forms.SearchInput, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("any state")),
            (UNCLOSED_WORD, _("not closed")),
            (OPEN_WORD, _("to be done")),
            *ActionState.choices,
        ],
    )
    owner = forms.ChoiceField(label=pgettext_lazy("work", "Owner"))
    mine = forms.BooleanField(label=_("Mine"))
    overdue = forms.BooleanField(label=_("Late"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )
    source = forms.ChoiceField(
        label=_("Comes from"),
        choices=[
            ("", _("anything")),
            (OWN_WORK, _("neither findings nor audits")),
            *ActionSource.choices,
        ],
    )
    area = forms.ChoiceField(label=_("Area"), choices=[("", _("any area")), *ActionArea.choices])
    horizon = forms.ChoiceField(label=_("Horizon"), choices=[("", _("any time")), *Horizon.choices])
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        empty_value=None,
        choices=[("", _("any priority")), *Priority.choices],
    )
    due_after = day_field(_("Due from"))
    due_before = day_field(_("Due before"))
    created_after = day_field(_("Proposed from"))
    changed_after = day_field(_("In its state since"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = owners_of_visible(actor=self.actor)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]  # a choice field, which the stubs do not know
            *owner_choices(people, nobody=_("anybody")),
            (
                _("Without one"),
                [
                    (NOBODY, _("nobody yet")),
                    (GONE, _("the owner has left")),
                    (ORPHANED, _("nobody, or the owner has left")),
                ],
            ),
        ]

    def for_selector(self) -> dict[str, Any]:
        """Return the values with organisation and owner as the selector takes them."""
        return _for_selector(self)


def _for_selector(form: FilterForm) -> dict[str, Any]:
    values = dict(form.given())
    if "organisation" in values:
        values["organisation"] = values["organisation"].pk
    if values.pop("mine", False):
        values["owner"] = ME
    return values


class BoardFilters(FilterForm):
    """What the board and the calendar can be narrowed by."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )
    area = forms.ChoiceField(label=_("Area"), choices=[("", _("any area")), *ActionArea.choices])
    mine = forms.BooleanField(label=_("Mine"))

    def for_selector(self) -> dict[str, Any]:
        """Return the values as the selector takes them."""
        return _for_selector(self)


def owner_choices(people: list[Person], *, nobody: Any) -> list[Any]:
    """Return people and roles as one choice."""
    return [
        ("", nobody),
        (_("People"), [(f"{PERSON}{person.pk}", person.name) for person in people]),
        (_("A role, until somebody has it"), [(f"{ROLE}{key}", word) for key, word in ROLES]),
    ]


class ActionForm(ActorForm):
    """What, why, how, who and when."""

    title = forms.CharField(
        label=_("What is to be done?"),
        max_length=200,
        help_text=_("One sentence that says when it is finished."),
    )
    why = words_field(_("Why?"), _("What gets better, and what happens if nothing is done."))
    how = words_field(_("How?"))
    owner = forms.ChoiceField(label=_("Who?"), required=False)
    due_on = day_field(_("By when?"))
    horizon = forms.ChoiceField(
        label=_("Horizon"),
        choices=Horizon.choices,
        required=False,
        help_text=_("Follows from the date, if there is one."),
    )
    area = forms.ChoiceField(label=_("Area"), choices=ActionArea.choices, initial=ActionArea.OTHER)
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, choices=Priority.choices, initial=Priority.MEDIUM
    )
    effect_question = forms.CharField(
        label=_("How will we see that it helped?"),
        max_length=500,
        required=False,
        help_text=_("It is asked when the action is done, and cannot be skipped."),
    )
    effort_days = forms.IntegerField(
        label=_("Working days"), min_value=0, max_value=100_000, required=False
    )
    cost = forms.IntegerField(
        label=_("Cost"),
        min_value=0,
        max_value=10**12,
        required=False,
        help_text=_("A rough figure in the organisation's own currency."),
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = []
        if organisation is not None:
            people = owners_possible(actor=self.actor, organisation=organisation)
        elif oneself := person_known(self.actor.person_id):
            people = [oneself]
        self.fields["owner"].choices = owner_choices(  # type: ignore[attr-defined]  # a choice field, which the stubs do not know
            people, nobody=_("nobody yet")
        )

    def clean(self) -> dict[str, Any]:
        """Turn the choice of owner into a person or a role."""
        values = super().clean() or {}
        owner = str(values.pop("owner", ""))
        is_person = owner.startswith(PERSON)
        values["owner_person"] = person_known(int(owner[1:])) if is_person else None
        values["owner_role"] = owner[1:] if owner.startswith(ROLE) else ""
        values["horizon"] = values.get("horizon") or Horizon.NEAR
        return values


class NewActionForm(ActionForm):
    """A new action: also whose it is and what it comes from."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    source = forms.ChoiceField(
        label=_("Comes from"), choices=TYPED_SOURCES, initial=ActionSource.OWN
    )
    source_text = forms.CharField(
        label=_("Which one?"),
        max_length=300,
        required=False,
        help_text=_("Such as the number of an audit's remark."),
    )
    field_order = ("organisation", "title", "why", "how", "owner", "due_on", "horizon",
                   "source", "source_text")  # fmt: skip

    def __init__(self, *args: Any, thing: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_where(self, "organisation", Permission.ACTIONS_WORK)
        if thing is not None:
            for name in ("organisation", "source", "source_text"):
                del self.fields[name]


class DoneForm(ActorForm):
    """That it is done, and how and when it will be seen that it helped."""

    effect_question = forms.CharField(label=_("How will we see that it helped?"), max_length=500)
    effect_due_on = day_field(_("When do we look?"), _("Without a date, in three months."))
    note = words_field(_("A few words about it"), rows=2, max_length=2000)


class CheckForm(ActorForm):
    """Whether it helped."""

    result = forms.ChoiceField(
        label=_("Did it help?"), choices=EffectResult.choices, widget=forms.RadioSelect
    )
    note = words_field(
        _("What do you see?"),
        _("If it did not help, say what is still missing: the action is opened again."),
        max_length=2000,
    )
    due_on = day_field(_("New date"), _("Only if it did not help."))


class DeclineReasonForm(ActorForm):
    """Why not."""

    note = words_field(_("Why not?"), required=True, max_length=2000)


class NoteForm(ActorForm):
    """A word for the history."""

    note = words_field(_("Note"), required=True, max_length=2000)
