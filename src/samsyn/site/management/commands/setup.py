from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import override

from samsyn.access.cli import console_actor
from samsyn.access.database_roles import as_owner
from samsyn.access.links import password_link
from samsyn.access.models import Person
from samsyn.access.permissions import Role
from samsyn.access.selectors import membership_list
from samsyn.access.services import membership_grant
from samsyn.audit.selectors import is_written
from samsyn.audit.services import seal
from samsyn.demonstration.services import demonstration_build
from samsyn.kernel.errors import SamsynError
from samsyn.organisations.models import Organisation, Service
from samsyn.organisations.selectors import assignment_list, operator_list, organisation_list
from samsyn.organisations.services import operator_create
from samsyn.organisations.serving import assignment_give
from samsyn.site import console
from samsyn.site.static_files import collect

PUT_BACK = (
    "Nothing was changed. Is SAMSYN_HOME the right directory? Otherwise put the file back, "
    "from a backup or from where you keep it, or set %s. If it is lost for good, see "
    "docs/operations.md, A key is lost."
)
LOST = {
    "secret_key": (
        "The installation's secret is missing: %s. The database was used with one: links in "
        "letters that were sent and what waits in the outbox depend on it. "
        + PUT_BACK
        % "SAMSYN_SECRET_KEY"
    ),
    "trail_key": (
        "The key of the trail is missing: %s. Entries were signed with it and cannot be proved "
        "without it. " + PUT_BACK % "SAMSYN_TRAIL_KEY"
    ),
}

ANOTHER = (
    "The security centre here is %s. Write its name exactly so, or add --another-operator "
    "if %s is to be one beside it. Nothing was made."
)


class Command(BaseCommand):
    help = (
        "Make or update an installation in SAMSYN_HOME: database, packs, pages' files. "
        "With --operator and --admin it is empty but for them; with --demonstration it has "
        "the demonstration sector. Run again, it loses nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", help="name of the security centre that will use it")
        parser.add_argument("--admin", help="e-mail address of its first administrator")
        parser.add_argument("--admin-name", default="", help="the administrator's name")
        parser.add_argument("--country", default="NO", choices=["NO", "SE", "DK", "FI", "IS"])
        parser.add_argument("--language", default="nb", choices=["sv", "nb", "en"])
        parser.add_argument(
            "--another-operator",
            action="store_true",
            help="make a security centre beside the one that is there",
        )
        parser.add_argument(
            "--demonstration",
            action="store_true",
            help="fill an empty home with invented people and reports; in demonstration mode only",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        self.refuse_wrong(**options)
        self.make_keys()
        call_command("migrate", verbosity=0, interactive=False)
        seal()
        collect()
        self.stdout.write(f"The installation in {settings.SAMSYN_HOME} is up to date.")
        try:
            if options["demonstration"]:
                demonstration_build(say=self.stdout.write)
            if options["operator"]:
                self.make_operator(**options)
        except SamsynError as error:
            raise CommandError(str(error)) from error

    def refuse_wrong(self, **options: Any) -> None:
        """Refuse words that do not fit together before anything is made."""
        if bool(options["operator"]) != bool(options["admin"]):
            raise CommandError("--operator and --admin go together.")
        if not options["admin"]:
            return
        try:
            validate_email(options["admin"])
        except ValidationError as error:
            raise CommandError(f"--admin {options['admin']} is no e-mail address.") from error

    def make_keys(self) -> None:
        """Write new keys into a new home; an installation that has lost its own gets none."""
        if settings.MODE != "test":  # whose keys are fixed
            with as_owner():
                for name in console.offered:
                    if is_written(with_key=name == "trail_key"):
                        raise CommandError(LOST[name] % (console.home() / name))
        console.write_secrets()

    def make_operator(self, **options: Any) -> None:
        """Create the operator and its first administrator, who works as analyst too."""
        actor = console_actor()
        with override(options["language"]):
            operator = self.operator(**options)
            name = options["admin_name"] or options["admin"].split("@")[0]
            self.give_roles(operator, options["admin"], name, options["language"])
        person = Person.objects.get(email__iexact=options["admin"])
        assigned = assignment_list(actor=actor).filter(person=person, agreement=None)
        for service in Service:  # so that this administrator can assign others to all members
            if not assigned.filter(organisation=operator, service=service).exists():
                assignment_give(actor=actor, operator=operator, person=person, service=service)
        if not person.has_usable_password():
            link = password_link(person)
            self.stdout.write(f"{person.email} chooses a password here (once):\n  {link}")

    def operator(self, **options: Any) -> Organisation:
        """Return the operator of that name, created if it is not there yet."""
        actor = console_actor()
        known = organisation_list(actor=actor).filter(name=options["operator"]).first()
        if known:
            self.stdout.write(f"{known} is there already.")
            return known
        if (others := operator_list(actor=actor)) and not options["another_operator"]:
            raise CommandError(ANOTHER % (", ".join(map(str, others)), options["operator"]))
        made = operator_create(
            actor=actor,
            name=options["operator"],
            country=options["country"],
            language=options["language"],
        )
        self.stdout.write(f"{made} is created.")
        return made

    def give_roles(self, operator: Organisation, email: str, name: str, language: str) -> None:
        """Give the first administrator both operator roles that an installation starts with."""
        actor = console_actor()
        held = membership_list(actor=actor, organisation_id=operator.pk)
        has = set(held.filter(person__email__iexact=email).values_list("role", flat=True))
        for role in (Role.ADMINISTRATOR, Role.ANALYST):
            if role not in has:
                membership_grant(
                    actor=actor,
                    organisation=operator,
                    email=email,
                    name=name,
                    role=role,
                    language=language,
                )
