"""SQL that turns a report's own columns into observations, made from the report's facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from string import ascii_uppercase
from typing import Any

from samsyn.analytics.engine import ScratchDatabase, literal, name, sql_file
from samsyn.kernel.domains import ascii_name
from samsyn.monitoring.evidence import evidence_sql
from samsyn.monitoring.schema import SEVERITIES

# What a report says in each of our columns; kept apart from the layout's file names.
PARTS = (
    "address", "port", "protocol", "host", "asn", "country", "tag", "severity",
    "vendor", "product", "version", "account", "account_instead", "site", "name", "evidence",
)  # fmt: skip
NAMES = ("host", "site", "account", "account_instead")  # parts that hold a name of the DNS
_HOST = re.compile(
    r"\A(\s*(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)?(?:[^/]*@)?)([^/:?#\s]*)(.*)\Z", re.DOTALL
)
IPV4 = r"(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\.){3}(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])"
_COUNTRIES = ", ".join(f"'{one}{other}'" for one, other in product(ascii_uppercase, repeat=2))
PLAIN = "coalesce(is_ipv4(p_address) and p_address <> '0.0.0.0', false)"

# Enums of few words take a fraction of a text's price to write; the longest has a name,
# since each statement that spells it out takes five milliseconds longer to understand.
MACROS = r"""
create or replace type country_code as enum (__COUNTRIES__);
create or replace macro known_value(x) as
  case when x is null or x = '' then null
    when regexp_full_match(x, '(?i)\s*(0|unknown|none|null|n/a|-)?\s*') then null
    else trim(x) end;
create or replace macro without_port(x) as regexp_replace(x, '^([^:]*):[0-9]{1,5}$', '\1');
create or replace macro clean_host(x) as case
  when length(without_port(x)) <= 253 and not regexp_matches(without_port(x), '[\s/@:\[\]]')
  then lower(rtrim(without_port(x), '.')) end;
create or replace macro host_named(x) as  -- nearly all are plain; the rest is dearer
  case when strlen(x) <= 253 and regexp_full_match(x, '(?:[a-z0-9_-]+\.)+[a-z][a-z]+') then x
    else clean_host(known_value(x)) end;
create or replace macro host_of_site(x) as
  clean_host(regexp_extract(x, '^(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)?(?:[^/@]*@)?([^/:?#]+)', 1));
create or replace macro moment(x) as coalesce(
  try_strptime(x, '%Y-%m-%d %H:%M:%S'),
  try_strptime(regexp_replace(trim(x), '(Z|[+]00(:?00)?| ?UTC)$', ''),
    ['%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S.%f',
     '%Y-%m-%dT%H:%M:%S.%f', '%Y-%m-%d %H:%M', '%Y-%m-%d']));
create or replace macro is_ipv4(x) as regexp_full_match(x, '__IPV4__');
create or replace macro ipv4_sum(parts) as
  parts[1]::bigint * 16777216 + parts[2]::bigint * 65536 + parts[3]::bigint * 256 + parts[4];
create or replace macro ipv4_number(x) as
  ipv4_sum(try_cast(string_split(x, '.') as utinyint[]));
""".replace("__IPV4__", IPV4).replace("__COUNTRIES__", _COUNTRIES)


def raw_select(header: Sequence[str], facts: Mapping[str, Any], source: str) -> str:
    """Return SQL that picks the parts we need, each named ``p_<part>``, from a CSV relation.

    A part that this file lacks is null: the header of the file decides, not the schema.
    """
    layout: Mapping[str, str] = facts["layout"]
    found = {part: name(layout[part]) for part in PARTS if layout.get(part) in header}
    told = [column for column in facts.get("evidence", ()) if column in header]
    found["evidence"] = evidence_sql(told)
    parts = [f"{found.get(part, 'null::varchar')} as p_{part}" for part in PARTS]
    return f"select {name('timestamp')} as p_timestamp, {', '.join(parts)} from {source}"


def odd_addresses_sql(raw: str) -> str:
    """Return SQL for the distinct texts that are not plain IPv4; Python reads those."""
    return f"select distinct p_address from {raw} where p_address <> '' and not {PLAIN}"


def named_beyond_ascii_sql(raw: str) -> str:
    """Return SQL for the distinct cells with a name that is not plain ASCII; Python reads those."""
    return " union ".join(
        f"select p_{part} from {raw} where strlen(p_{part}) <> length(p_{part})" for part in NAMES
    )


def in_ascii(text: str) -> str:
    """Return a cell with a name in it as the register writes names: letters in their ASCII form.

    A host is found in a bare name, a web address and behind the ``@`` of an account. What
    cannot be a name stays as it is.

    Source:
        RFC 5891 (names in their ASCII form), RFC 5895 (case and composed letters).

    Example:
        >>> in_ascii("https://www.Blåvik.example/x"), in_ascii("kari@blåvik.example")
        ('https://www.xn--blvik-nra.example/x', 'kari@xn--blvik-nra.example')

    """
    before, host, after = _HOST.match(text).groups()  # type: ignore[union-attr]  # matches any text
    try:
        return f"{before}{ascii_name(host)}{after}"
    except UnicodeError:
        return text


def names_in_ascii(db: ScratchDatabase) -> None:
    """Write names beyond ASCII in ``raw`` as the register writes them, so that they meet."""
    found = db.rows(named_beyond_ascii_sql("raw"))
    if not found:
        return
    columns = {"written": "varchar", "meant": "varchar"}
    db.table("meant", columns, [(text, in_ascii(text)) for (text,) in found])
    parts = NAMES
    meant = ", ".join(f"coalesce({p}.meant, r.p_{p}) as p_{p}" for p in parts)
    joins = " ".join(f"left join meant {p} on {p}.written = r.p_{p}" for p in parts)
    db.run(
        f"create or replace temp table raw_meant as select r.* replace ({meant}) from raw r "
        f"{joins} order by r.file_no, r.row; create or replace temp view raw as from raw_meant"
    )


def seen_sql(raw: str, facts: Mapping[str, Any], *, report: str) -> str:
    """Return SQL for the observations in a raw table, one row for each row of it.

    ``problem`` says why a row cannot be an observation: timestamp, address, port or asn.
    Needs the table ``odd_addresses`` and the macros.

    Source:
        Shadowserver's conventions for missing values and severity, formats.md 4.1.

    """
    values = {
        "plain": PLAIN,
        "country": "try_cast(upper(p_country) as country_code)",
        "severity": _severity(facts),
        "taxonomy": _classified(facts, "taxonomy"),
        "type": _classified(facts, "type"),
        "report": f"{literal(report)}::{_one_of([report])}",
        "raw": raw,
    }
    sql = sql_file("samsyn.monitoring.measures", "seen.sql")
    for word, value in values.items():
        sql = sql.replace(f"${word}", value)
    return sql


def _one_of(words: Iterable[str]) -> str:
    """Return the SQL type of a column with few words: a fraction of a text's price to write."""
    return f"enum({', '.join(literal(word) for word in words)})"


def _severity(facts: Mapping[str, Any]) -> str:
    kind = _one_of(SEVERITIES)
    default = facts["severity"] if facts["severity"] in SEVERITIES else "medium"
    return (  # what is empty goes first: a cast that fails is dear
        f"case when p_severity = '' then {literal(default)}::{kind} "
        f"else coalesce(try_cast(p_severity as {kind}), "
        f"try_cast(lower(trim(p_severity)) as {kind}), {literal(default)}::{kind}) end"
    )


def _classified(facts: Mapping[str, Any], part: str) -> str:
    by_tag = facts.get("by_tag", ())
    words = dict.fromkeys([facts[part], *(rule[part] for rule in by_tag)])
    rules = "".join(
        f" when list_contains(regexp_split_to_array(tags, '[;,\\s]+'), {literal(rule['tag'])}) "
        f"then {literal(rule[part])}"
        for rule in by_tag
    )
    value = f"case{rules} else {literal(facts[part])} end" if rules else literal(facts[part])
    return f"({value})::{_one_of(words)}"
