"""What is open where and when: the quiet everyday of thirty municipalities, drawn from a seed.

Plain functions of (sector, period, seed). The particular events of the year are in ``events.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import exp, sqrt
from random import Random
from typing import TYPE_CHECKING

from samsyn.demonstration.services_seen import OPEN_SERVICES, Cells, OpenService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network, IPv6Network

    from samsyn.demonstration.sector import Member, Sector

SEED = 20261122

# New open services a week for a municipality of one thousand; it grows with the square root.
NEW_A_WEEK = 0.31
# Mean weeks from appearing to being mended, by how the member keeps house.
WEEKS_OPEN = {"quick": 3.0, "steady": 7.0, "slow": 12.0}
# What is worse is mended sooner.
PATIENCE = {"critical": 0.4, "high": 0.8, "medium": 1.1, "low": 1.4, "info": 1.6}
RELAPSE = 0.08
DAILY_DAYS = 14
WEEK = timedelta(weeks=1)
SUMMER = (7,)
# A port that a look-alike address would collide on is drawn again at most so often.
DRAWS = 50


@dataclass(frozen=True, kw_only=True)
class DemonstrationPeriod:
    """The days the demonstration covers, both included."""

    first: date
    last: date

    def ago(self, days: int) -> date:
        """Return the day that many days before the last."""
        return self.last - timedelta(days=days)


@dataclass(frozen=True, kw_only=True)
class SimulatedEpisode:
    """One problem on one address, from the first day it can be seen to the day it is gone.

    ``ends_on`` is the first day without it; None while it lasts. ``chance`` is how likely it
    shows in a report of a day when it lasts: 1 for a scan, less for events.
    """

    report: str
    owner: str
    begins_on: date
    ends_on: date | None
    severity: str
    address: str = ""
    port: int = 0
    protocol: str = "tcp"
    host: str = ""
    asn: int = 0
    country: str = ""
    city: str = ""
    tag: str = ""
    chance: float = 1.0
    cells: Cells = field(default_factory=dict)

    def is_open(self, day: date) -> bool:
        """Whether it lasts on that day."""
        return self.begins_on <= day and (self.ends_on is None or day < self.ends_on)


def dice(seed: int, *words: object) -> Random:
    """Return a generator of its own for these words, the same for the same seed."""
    return Random("/".join([str(seed), *map(str, words)]))  # noqa: S311 - a story, not a secret


def network_of(member: Member, family: int = 4) -> IPv4Network | IPv6Network | None:
    """Return the first network of a member in a family, None where it has none."""
    networks = member.networks if family == 4 else member.networks6  # noqa: PLR2004  an IP version
    return networks[0] if networks else None


def everyday(
    sector: Sector, period: DemonstrationPeriod, seed: int = SEED
) -> list[SimulatedEpisode]:
    """Return the open services of all members over the period, with repairs and relapses."""
    return [
        episode
        for member in sector.members
        for episode in _of_member(member, period, dice(seed, "everyday", member.name))
    ]


def _of_member(
    member: Member, period: DemonstrationPeriod, random: Random
) -> Iterator[SimulatedEpisode]:
    taken: set[tuple[str, str]] = set()
    pace = NEW_A_WEEK * sqrt(member.population / 1000)
    week = period.first - timedelta(weeks=30)
    while week <= period.last:
        for _ in range(_how_many(pace, random)):
            episode = _new(member, week + timedelta(days=random.randrange(7)), random, taken)
            if episode and (episode.ends_on is None or episode.ends_on > period.first):
                yield episode
                yield from _relapse(episode, random)
        week += WEEK


def _new(
    member: Member, day: date, random: Random, taken: set[tuple[str, str]]
) -> SimulatedEpisode | None:
    service = random.choices(OPEN_SERVICES, [s.share for s in OPEN_SERVICES])[0]
    network = network_of(member, service.family)
    if network is None or random.random() > service.months.get(day.month, 1.0) / 2:
        return None
    address = _free_address(network, service, random, taken)
    severity = random.choice(service.severities)
    return SimulatedEpisode(
        report=service.report,
        owner=member.name,
        begins_on=day,
        ends_on=_mended_on(member, day, severity, random),
        severity=severity,
        address=address,
        port=service.port,
        protocol=service.protocol,
        host=_host(service, member, random),
        asn=member.asn or 64510,
        country=member.country,
        city=member.name.upper(),
        tag=service.tag,
        cells=random.choice(service.looks),
    )


def _how_many(mean: float, random: Random) -> int:
    """Draw a Poisson number around twice the mean: the month's share then throws some away."""
    limit, product, count = exp(-2 * mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def _free_address(
    network: IPv4Network | IPv6Network,
    service: OpenService,
    random: Random,
    taken: set[tuple[str, str]],
) -> str:
    last = min(network.num_addresses - 2, 4000)
    for _ in range(DRAWS):
        address = str(network[random.randint(1, last)])
        if (service.report, address) not in taken:
            break
    taken.add((service.report, address))
    return address


def _host(service: OpenService, member: Member, random: Random) -> str:
    """Six in ten have a name in reverse DNS."""
    named = random.random() < 0.6  # noqa: PLR2004  as the docstring says
    host = f"{random.choice(service.names)}{random.randint(1, 40):02d}.{member.domain}"
    return host if named else ""


def _mended_on(member: Member, day: date, severity: str, random: Random) -> date:
    """Return the day it is mended: told within days, mended when somebody has time."""
    weeks = random.expovariate(1 / (WEEKS_OPEN[member.repairs] * PATIENCE[severity]))
    if random.random() < 0.03:  # noqa: PLR2004 - forgotten: nobody owns the box
        weeks *= 4
    mended = day + timedelta(days=3 + round(7 * weeks))
    # In July nobody is there to mend it.
    return mended + timedelta(days=random.randint(20, 35)) if mended.month in SUMMER else mended


def _relapse(episode: SimulatedEpisode, random: Random) -> Iterator[SimulatedEpisode]:
    if episode.ends_on is None or random.random() > RELAPSE:
        return
    again = episode.ends_on + timedelta(days=random.randint(35, 80))
    yield replace(episode, begins_on=again, ends_on=again + timedelta(days=random.randint(5, 30)))
