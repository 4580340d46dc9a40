"""What surrounds every page, as typed values: the parts of the work, whose data, which label.

The site room fills a Frame for each request (its context processor ``frame``);
the template ``ui/page.html`` only shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One page that can be gone to. ``key`` is the letter that follows ``g``."""

    label: Text
    url: str
    key: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NavPart:
    """One of the parts of the work with its pages; only pages the person can use."""

    label: Text
    items: tuple[NavItem, ...]
    key: str = ""

    @property
    def url(self) -> str:
        """The first page of the part."""
        return self.items[0].url

    @property
    def is_current(self) -> bool:
        return any(item.is_current for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be switched to by sending ``value``."""

    value: str
    label: Text
    is_current: bool = False
    note: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One step of the way to the page; the page itself has no address."""

    label: Text
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMenu:
    """Who is signed in, and where that person's own pages are."""

    name: str
    role: Text = ""
    links: tuple[NavItem, ...] = ()
    sign_out_url: str = ""

    @property
    def initials(self) -> str:
        """The first letters of the first and the last name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """All that the page frame shows, ready to be shown."""

    parts: tuple[NavPart, ...] = ()
    view_of: Text = ""  # whose data one sees: an organisation, or all members
    view_role: Text = ""  # as what: "as analyst", "as its chief executive"
    switch_to: tuple[Choice, ...] = ()
    switch_url: str = ""
    label: str = ""  # TLP of the page where it sets none of its own
    search_url: str = ""
    person: PersonMenu | None = None
    sign_in_url: str = ""
    languages: tuple[Choice, ...] = ()
    language_url: str = ""
    theme: str = "auto"  # auto, light or dark
    theme_url: str = ""
    is_demonstration: bool = False
    version: str = ""
    footer: tuple[NavItem, ...] = field(default=())

    @property
    def current_part(self) -> NavPart | None:
        """The part of the work that the page belongs to."""
        return next((part for part in self.parts if part.is_current), None)
