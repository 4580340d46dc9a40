"""The particular events of the demonstration's year, told in days before its last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from samsyn.demonstration.episodes import (
    DAILY_DAYS,
    DemonstrationPeriod,
    SimulatedEpisode,
    dice,
    network_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from samsyn.demonstration.sector import Sector

# A provider without a number of its own announces the members' networks.
PROVIDER_ASN = 64510
# Somebody else's networks: (prefix, ASN, city).
STRANGERS = (("192.0.2.", 64511, "FJORDNETT"), ("198.19.200.", 65550, "SKOGSLAGET"))
CLOUD_ASN = 65551

# Exchange: (member, days it stayed open; None: it still is).
EXCHANGE_WAVE = (
    ("Kvitberg", 9),
    ("Lyngholm", 11),
    ("Havsvik", 15),
    ("Nordskog", None),
    ("Björkfors", None),
)
EXCHANGE_DAYS_AGO = 21
WEBSHELL_AT = "Björkfors"
WEBSHELL_DAYS_AGO = 6
GATEWAY_WAVE = (
    ("Elvestrand", 8),
    ("Almsjö", 11),
    ("Tallåsa", 16),
    ("Havnes", 12),
    ("Kvarnholm", 20),
    ("Ängslanda", None),
)
GATEWAY_DAYS_AGO = 170
FIREWALL_RUN_BY = "Tverrdal IKT IKS"
FIREWALL_DAYS_AGO = 70
FIREWALL_LASTED = 16
FIREWALL_OPENED = 14
# (member, days ago, accounts)
LEAKS = (("Furuåsen", 250, 3), ("Lingonberga", 141, 4), ("Havsvik", 40, 5), ("Elvestrand", 12, 7))
# (member or unit, days ago it began, days it lasted or None, hosts, chance a day)
INFECTED = (
    ("Elvestrand skole", 118, None, 5, 0.6),
    ("Almsjö skola", 34, None, 2, 0.7),
    ("Havnes", 290, 12, 1, 0.9),
    ("Kvarnholm", 226, 9, 2, 0.9),
    ("Tindlund", 180, 16, 1, 0.8),
    ("Lingonberga", 96, 11, 1, 0.9),
    ("Fjellvik", 62, 5, 1, 0.9),
    ("Bjørkmo", 8, None, 1, 0.8),
)
# Who went through everything they have on the internet, and how long ago.
CLEANED = ("Ravnøy", "Solneset", "Ospdal", "Fjellvik Vann AS")
CLEANED_DAYS_AGO = 24
# (report, port, protocol, severity, tag, how many)
LAST_NIGHT = (("Havnes", 31, "fjern"), ("Havnes", 32, "fjern2"), ("Myrbekk", 30, "vpn"))
OF_STRANGERS = (
    ("scan_rdp", 3389, "tcp", "high", "rdp", 3),
    ("scan_smb", 445, "tcp", "high", "smb", 2),
    ("scan_telnet", 23, "tcp", "medium", "telnet", 3),
    ("scan_snmp", 161, "udp", "high", "snmp", 4),
    ("scan_ssl_poodle", 443, "tcp", "low", "ssl-poodle", 4),
    ("scan_dns", 53, "udp", "medium", "openresolver;dns", 3),
    ("scan_ntp", 123, "udp", "medium", "ntp", 3),
    ("scan_ftp", 21, "tcp", "medium", "ftp", 2),
    ("scan_ipp", 631, "tcp", "high", "ipp", 2),
    ("scan_exchange", 443, "tcp", "critical", "exchange", 1),
    ("scan_http_vulnerable", 443, "tcp", "critical", "citrix", 1),
    ("event4_sinkhole_http", 80, "tcp", "high", "avalanche-andromeda", 2),
)


def the_year(
    sector: Sector, period: DemonstrationPeriod, everyday: Iterable[SimulatedEpisode], seed: int
) -> list[SimulatedEpisode]:
    """Return the episodes of the particular events, and of the networks that are nobody's."""
    return [
        *_exchange_wave(sector, period),
        *_gateway_wave(sector, period),
        *_last_night(sector, period),
        *_firewall_change(sector, period, everyday),
        *_websites(sector, period),
        *_leaks(sector, period),
        *_infected(sector, period, seed),
        *_brute_force(sector, period),
        *_elsewhere(sector, period),
        *_contested(period),
        *_strangers(period, seed),
    ]


def cleaned(episode: SimulatedEpisode, period: DemonstrationPeriod) -> SimulatedEpisode | None:
    """Return the episode as it went after the cleaning; None where it then never began."""
    day = period.ago(CLEANED_DAYS_AGO)
    if episode.owner not in CLEANED:
        return episode
    if episode.begins_on >= day:
        return None
    ends_on = min(day, episode.ends_on) if episode.ends_on else day
    return replace(episode, ends_on=ends_on)


def _at(sector: Sector, name: str, bare: SimulatedEpisode, *, number: int) -> SimulatedEpisode:
    """Return the episode placed on a host of a member's first network."""
    member = sector.member(name)
    network = network_of(member)
    if network is None:
        raise ValueError(f"{name} has no network")
    return replace(
        bare,
        owner=name,
        address=str(network[number]),
        asn=member.asn or PROVIDER_ASN,
        country=member.country,
        city=(member.parent or member.name).upper(),
        host=f"{bare.host}.{member.domain}" if bare.host else "",
    )


def _exchange_wave(sector: Sector, period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield the new hole in mail servers: two of five are still open, one was used."""
    begins = period.ago(EXCHANGE_DAYS_AGO)
    for name, days in EXCHANGE_WAVE:
        bare = SimulatedEpisode(
            report="scan_exchange",
            owner="",
            begins_on=begins,
            ends_on=begins + timedelta(days=days) if days else None,
            severity="critical",
            port=443,
            host="mail",
            tag="exchange;cve-2025-53786",
            cells={"version": "15.2.1544.9", "servername": "MAIL01"},
        )
        wave = _at(sector, name, bare, number=25)
        if name == WEBSHELL_AT:
            used = period.ago(WEBSHELL_DAYS_AGO)
            yield replace(wave, ends_on=used)
            yield replace(wave, begins_on=used, tag=f"{wave.tag};webshell")
        else:
            yield wave


def _gateway_wave(sector: Sector, period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield the hole in remote access of half a year ago; one member never mended it."""
    begins = period.ago(GATEWAY_DAYS_AGO)
    for name, days in GATEWAY_WAVE:
        bare = SimulatedEpisode(
            report="scan_http_vulnerable",
            owner="",
            begins_on=begins,
            ends_on=begins + timedelta(days=days) if days else None,
            severity="critical",
            port=443,
            host="vpn",
            tag="citrix;cve-2025-5777",
            cells={"http": "HTTP/1.1", "http_code": "200", "server": "NetScaler"},
        )
        yield _at(sector, name, bare, number=30)


def _last_night(sector: Sector, period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield what the analyst finds in the morning: three new critical at two members."""
    for name, number, host in LAST_NIGHT:
        bare = SimulatedEpisode(
            report="scan_http_vulnerable",
            owner="",
            begins_on=period.ago(0),
            ends_on=None,
            severity="critical",
            port=443,
            host=host,
            tag="citrix;cve-2025-5777",
            cells={"http": "HTTP/1.1", "http_code": "200", "server": "NetScaler"},
        )
        yield _at(sector, name, bare, number=number)


def _firewall_change(
    sector: Sector, period: DemonstrationPeriod, everyday: Iterable[SimulatedEpisode]
) -> Iterator[SimulatedEpisode]:
    """Yield what a change of firewall at the shared IT company opened again."""
    changed = period.ago(FIREWALL_DAYS_AGO)
    run = {member.name for member in sector.members if member.operated_by == FIREWALL_RUN_BY}
    before = changed - timedelta(days=150)
    shut = [
        episode
        for episode in everyday
        if episode.owner in run
        and episode.ends_on is not None
        and before < episode.ends_on < changed - timedelta(days=25)
    ]
    for episode in shut[:FIREWALL_OPENED]:
        yield replace(episode, begins_on=changed, ends_on=changed + timedelta(days=FIREWALL_LASTED))


def _websites(sector: Sector, period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield the two web sites that were taken over; the later one still is."""
    for name, site, ago, days in (
        ("Tallåsa", "evenemang", 205, 18),
        ("Kvitberg", "kulturhuset", 9, None),
    ):
        begins = period.ago(ago)
        host = f"{site}.{sector.member(name).domain}"
        bare = SimulatedEpisode(
            report="compromised_website",
            owner="",
            begins_on=begins,
            ends_on=begins + timedelta(days=days) if days else None,
            severity="critical",
            port=443,
            host=site,
            tag="injected-code",
            cells={
                "application": "https",
                "http_host": host,
                "url": f"https://{host}/wp-content/cache/index.php",
                "category": "injected-code",
                "system": "WordPress",
                "detected_since": f"{begins.isoformat()} 04:10:00",
            },
        )
        yield _at(sector, name, bare, number=80)


def _leaks(sector: Sector, period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield passwords of staff in a collection from infected computers; each is reported once."""
    names = ("kari", "anders", "maja", "ola", "ingrid", "johan", "liv")
    for name, ago, accounts in LEAKS:
        member = sector.member(name)
        day = period.ago(ago)
        # As long as the gap between two reports, so that each is in exactly one of them.
        gone = day + timedelta(days=1 if ago < DAILY_DAYS else 7)
        for who in names[:accounts]:
            yield SimulatedEpisode(
                report="compromised_account",
                owner=name,
                begins_on=day,
                ends_on=gone,
                severity="critical",
                tag="stealer-log",
                cells={
                    "email": f"{who}.nordmo@{member.domain}",
                    "username": f"{who}.nordmo",
                    "infection": "stealer",
                    "service": "https",
                    "source_url": "https://login.learning.example/",
                    "status": "leaked",
                },
            )


def _infected(sector: Sector, period: DemonstrationPeriod, seed: int) -> Iterator[SimulatedEpisode]:
    """Yield computers that call a server the good side has taken over, most in schools."""
    for name, ago, days, hosts, chance in INFECTED:
        random = dice(seed, "infected", name, ago)
        begins = period.ago(ago)
        for number in range(hosts):
            bare = SimulatedEpisode(
                report="event4_sinkhole_http",
                owner="",
                begins_on=begins + timedelta(days=number * random.randint(0, 9)),
                ends_on=begins + timedelta(days=days) if days else None,
                severity="high",
                host="nat" if number == 0 else "",
                tag=random.choice(("avalanche-andromeda", "necurs", "m0yv")),
                chance=chance,
                cells={
                    "infection": "andromeda",
                    "family": "andromeda",
                    "http_agent": "Mozilla/4.0",
                },
            )
            yield _at(sector, name, bare, number=10 + number)


def _brute_force(sector: Sector, period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield a video conference unit that guesses strangers' passwords for some weeks."""
    begins = period.ago(233)
    bare = SimulatedEpisode(
        report="event4_honeypot_brute_force",
        owner="",
        begins_on=begins,
        ends_on=begins + timedelta(days=18),
        severity="critical",
        host="video",
        tag="ssh-brute-force",
        cells={"infection": "ssh-brute-force", "service": "ssh", "username": "root"},
    )
    yield _at(sector, "Steinmo", bare, number=77)


def _elsewhere(sector: Sector, period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield two that no prefix catches: one known by its ASN, one by its name in a cloud."""
    elvestrand = sector.member("Elvestrand")
    granheim = sector.member("Granheim")
    base = SimulatedEpisode(
        report="scan_ftp", owner="", begins_on=period.ago(44), ends_on=None, severity="medium",
        port=21, tag="ftp", country="NO", cells={"banner": "220 FTP server ready"},
    )  # fmt: skip
    yield replace(
        base, owner="Elvestrand", address="198.19.240.10", asn=elvestrand.asn or PROVIDER_ASN
    )
    yield replace(
        base,
        owner="Granheim",
        address="198.19.250.7",
        asn=CLOUD_ASN,
        host=f"booking.{granheim.domain}",
    )


def _contested(period: DemonstrationPeriod) -> Iterator[SimulatedEpisode]:
    """Yield what is in a network that two members claim: who registered it first is told."""
    base = SimulatedEpisode(
        report="scan_snmp", owner="", begins_on=period.ago(58), ends_on=None, severity="high",
        address="198.51.100.70", port=161, protocol="udp", tag="snmp", asn=PROVIDER_ASN,
        country="NO", city="SILDEVÅG", cells={"sysdesc": "Harbour camera switch"},
    )  # fmt: skip
    yield base
    yield replace(
        base, report="scan_ftp", address="198.51.100.81", port=21, protocol="tcp",
        severity="medium", tag="ftp", cells={"banner": "220 Camera FTP"},
    )  # fmt: skip


def _strangers(period: DemonstrationPeriod, seed: int) -> Iterator[SimulatedEpisode]:
    """Yield rows of other networks: a national feed carries them, wanted or not."""
    random = dice(seed, "strangers")
    for report, port, protocol, severity, tag, count in OF_STRANGERS:
        for _ in range(count):
            prefix, asn, city = random.choice(STRANGERS)
            yield SimulatedEpisode(
                report=report,
                owner="",
                begins_on=period.first,
                ends_on=None,
                severity=severity,
                address=f"{prefix}{random.randint(1, 200)}",
                port=port,
                protocol=protocol,
                asn=asn,
                country=random.choice(("NO", "SE")),
                city=city,
                tag=tag,
                chance=0.8,
            )
