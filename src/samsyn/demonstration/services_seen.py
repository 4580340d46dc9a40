"""Which services a scan finds open in the sector, how often, and what such a row says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Cells = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class OpenService:
    """A service that a report finds, with what its rows may say.

    ``share`` weighs it against the others. ``months`` multiplies how often new ones appear
    in a month (1-12). ``looks`` are alternatives of cells, one is drawn for each host.
    """

    report: str
    port: int
    protocol: str
    share: int
    severities: tuple[str, ...]
    tag: str
    names: tuple[str, ...]
    looks: tuple[Cells, ...] = ({},)
    months: Mapping[int, float] = field(default_factory=dict)
    family: int = 4


# New printers, cameras and networks arrive with the school year; nobody installs in July.
SCHOOL_START = {7: 0.3, 8: 2.0, 9: 1.8, 12: 0.6}
HOLIDAYS = {7: 0.4, 12: 0.7}

_SNMP = (
    {"device_type": "printer", "sysdesc": "Office printer", "version": "2", "community": "public"},
    {"device_type": "router", "sysdesc": "Branch router 3.12", "version": "2"},
    {"device_type": "ups", "sysdesc": "Network management card", "version": "1"},
)
_POODLE = (
    {"handshake": "SSLv3", "cipher_suite": "TLS_RSA_WITH_AES_128_CBC_SHA", "ssl_poodle": "Y"},
    {"handshake": "TLSv1.0", "cipher_suite": "TLS_RSA_WITH_RC4_128_SHA", "ssl_poodle": "Y"},
)
_RDP = (
    {"handshake": "TLS", "rdp_protocol": "RDP", "ssl_version": "2"},
    {"handshake": "SSL", "rdp_protocol": "RDP", "ssl_version": "0"},
)

OPEN_SERVICES = (
    OpenService(
        report="scan_ssl_poodle",
        port=443,
        protocol="tcp",
        share=16,
        severities=("low",),
        tag="ssl-poodle",
        names=("www", "portal", "kart", "arkiv"),
        looks=_POODLE,
        months=HOLIDAYS,
    ),
    OpenService(
        report="scan_snmp",
        port=161,
        protocol="udp",
        share=13,
        severities=("high", "high", "medium"),
        tag="snmp",
        names=("print", "sw", "ups"),
        looks=_SNMP,
        months=SCHOOL_START,
    ),
    OpenService(
        report="scan_ipp",
        port=631,
        protocol="tcp",
        share=9,
        severities=("high",),
        tag="ipp",
        names=("print", "kopi"),
        months=SCHOOL_START,
        looks=({"printer_make_and_model": "Office Laser 420", "ipp_version": "IPP/2.0"},),
    ),
    OpenService(
        report="scan_ntp",
        port=123,
        protocol="udp",
        share=9,
        severities=("medium",),
        tag="ntp",
        names=("gw", "ntp"),
        looks=({"version": "4", "stratum": "3"},),
    ),
    OpenService(
        report="scan_ftp",
        port=21,
        protocol="tcp",
        share=8,
        severities=("medium", "medium", "info"),
        tag="ftp",
        names=("ftp", "kamera", "arkiv"),
        months=HOLIDAYS,
        looks=({"banner": "220 FTP server ready"}, {"banner": "220 Camera FTP"}),
    ),
    OpenService(
        report="scan_dns",
        port=53,
        protocol="udp",
        share=8,
        severities=("medium",),
        tag="openresolver;dns",
        names=("ns", "gw"),
        looks=({"min_amplification": "4.6190"},),
    ),
    OpenService(
        report="scan_rdp",
        port=3389,
        protocol="tcp",
        share=8,
        severities=("high",),
        tag="rdp",
        names=("ts", "srv", "vda"),
        looks=_RDP,
    ),
    OpenService(
        report="scan_telnet",
        port=23,
        protocol="tcp",
        share=7,
        severities=("medium", "high"),
        tag="telnet",
        names=("vent", "sd", "pumpe"),
        looks=({"banner": "login:"},),
        months=HOLIDAYS,
    ),
    OpenService(
        report="scan_smb",
        port=445,
        protocol="tcp",
        share=4,
        severities=("high", "critical"),
        tag="smb",
        names=("fil", "srv"),
        looks=({"smb_major_number": "2", "smb_minor_number": "1"}, {"smb_major_number": "1"}),
    ),
    OpenService(
        report="scan6_snmp",
        port=161,
        protocol="udp",
        share=3,
        severities=("high",),
        tag="snmp",
        names=("sw6-", "print6-"),
        looks=_SNMP,
        family=6,
    ),
)
