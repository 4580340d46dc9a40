"""Requests that leave the installation: to the public internet only, and in bounded time."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address
from time import monotonic, sleep

import pytest

from samsyn.kernel import outgoing
from samsyn.kernel.bounded import ANSWER_MOST, BoundedSocket
from samsyn.kernel.outgoing import (
    AddressFault,
    AddressInvalid,
    NotAnswered,
    OutgoingProblem,
    OutgoingRules,
    destination_of,
    is_public,
    networks_read,
    post,
)
from tests.receiver import LOOPBACK, receiving

pytestmark = pytest.mark.once
PRIVATE = [
    "0.0.0.0",  # noqa: S104  nothing is bound to it
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "5f00::1",
]


@pytest.fixture(scope="module")
def receiver():
    with receiving() as found:
        yield found


def sent(receiver, path="/ok", *, host="localhost", rules=None, seconds=5.0):
    return post(
        receiver.url(path, host),
        body=b"{}",
        headers={"Content-Type": "application/json"},
        rules=rules or receiver.rules,
        seconds=seconds,
    )


def problem_of(receiver, path="/ok", **more):
    with pytest.raises(NotAnswered) as refused:
        sent(receiver, path, **more)
    return refused.value.problem


def looked_up_as(monkeypatch, *addresses):
    """Let every name have these addresses; return how often one was asked for."""
    asked = []

    def answer(host, port, **_more):
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_that_is_not_of_the_public_internet_is_refused(text):
    assert not is_public(ip_address(text))
    assert not OutgoingRules().allow(ip_address(text))


@pytest.mark.parametrize("text", ["9.9.9.9", "193.0.6.139", "2620:fe::fe", "::ffff:9.9.9.9"])
def test_an_address_of_the_public_internet_is_allowed(text):
    assert OutgoingRules().allow(ip_address(text))


def test_a_network_that_is_allowed_is_allowed_however_it_is_written():
    rules = OutgoingRules(networks=networks_read("10.1.0.0/16"))
    assert rules.allow(ip_address("10.1.2.3"))
    assert rules.allow(ip_address("::ffff:10.1.2.3"))
    assert not rules.allow(ip_address("10.2.0.1"))
    assert not rules.allow(ip_address("64:ff9b::a01:203"))


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://hook.fjellvik.example/", AddressFault.NOT_HTTPS),
        ("ftp://hook.fjellvik.example/", AddressFault.NOT_HTTPS),
        ("hook.fjellvik.example", AddressFault.NOT_HTTPS),
        ("https://user:pass@hook.fjellvik.example/", AddressFault.CREDENTIALS),
        ("https://@hook.fjellvik.example/", AddressFault.CREDENTIALS),
        ("https://hook.fjellvik.example:0/", AddressFault.PORT),
        ("https://hook.fjellvik.example:22/", AddressFault.PORT),
        ("https://hook.fjellvik.example:99999/", AddressFault.UNREADABLE),
        ("https://hook.fjellvik.example/\r\nX: y", AddressFault.UNREADABLE),
        ("https://hook.fjellvik.example/a b", AddressFault.UNREADABLE),
        ("https://hook.fjellvik.example\\@evil.example/", AddressFault.UNREADABLE),
        ("https://hook.fjellvik.example/å", AddressFault.UNREADABLE),
        ("https://" + "a" * 2000, AddressFault.UNREADABLE),
        ("https:///path", AddressFault.HOST),
        ("https://-.example/", AddressFault.HOST),
        ("https://-/", AddressFault.HOST),
        ("https://0x7f.1/", AddressFault.HOST),
        ("https://2130706433/", AddressFault.HOST),
        ("https://0177.0.0.1/", AddressFault.HOST),
        ("https://[fe80::1%25eth0]/", AddressFault.HOST),
        ("https://127.0.0.1/", AddressFault.PRIVATE),
        ("https://[::ffff:169.254.169.254]/", AddressFault.PRIVATE),
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_refused(address, fault):
    with pytest.raises(AddressInvalid) as refused:
        destination_of(address, OutgoingRules())
    assert refused.value.fault == fault


def test_a_name_is_asked_for_as_dns_knows_it():
    found = destination_of("https://Krøk.Fjellvik.example.:8443?a=1#part", OutgoingRules())
    assert (found.host, found.port) == ("xn--krk-1na.fjellvik.example", 8443)
    assert found.target == "/?a=1"


def test_what_is_sent_arrives_as_it_is(receiver):
    receiver.received.clear()
    answer = sent(receiver, "/ok?key=1")
    assert (answer.status, answer.text) == (200, "thanks")
    [came] = receiver.received
    assert (came.path, came.body) == ("/ok?key=1", b"{}")
    assert came.headers["Host"] == f"localhost:{receiver.port}"
    assert came.headers["Content-Type"] == "application/json"


def test_a_name_that_leads_to_this_machine_is_refused_unless_it_is_allowed(receiver):
    rules = OutgoingRules(ca_file=receiver.ca_file)
    assert problem_of(receiver, rules=rules) == OutgoingProblem.ADDRESS_REFUSED


@pytest.mark.parametrize("private", ["169.254.169.254", "10.0.0.5", "::ffff:127.0.0.1", "fd00::1"])
def test_a_name_with_private_addresses_is_refused(receiver, monkeypatch, private):
    looked_up_as(monkeypatch, private)
    rules = OutgoingRules(ca_file=receiver.ca_file)
    assert problem_of(receiver, rules=rules) == OutgoingProblem.ADDRESS_REFUSED


def test_the_connection_goes_to_what_was_judged_and_to_nothing_that_was_refused(
    receiver, monkeypatch
):
    asked = looked_up_as(monkeypatch, "169.254.169.254", "127.0.0.1")
    tried = []
    usual = outgoing._line_to
    monkeypatch.setattr(
        outgoing,
        "_line_to",
        lambda place, *a, **m: tried.append(str(place)) or usual(place, *a, **m),
    )
    assert sent(receiver).status == 200
    assert (asked, tried) == (["localhost"], ["127.0.0.1"])


def test_of_several_addresses_the_next_is_tried(receiver, monkeypatch):
    looked_up_as(monkeypatch, "::1", "127.0.0.1")
    assert sent(receiver).status == 200


def test_of_many_addresses_four_are_tried(receiver, monkeypatch):
    looked_up_as(monkeypatch, *(f"127.1.{number // 250}.{number % 250}" for number in range(4000)))
    tried = []

    def closed(place, *_args, **_more):
        tried.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing, "_line_to", closed)
    assert problem_of(receiver) == OutgoingProblem.NO_CONNECTION
    assert len(tried) == 4


def test_no_redirect_is_followed(receiver):
    receiver.received.clear()
    assert sent(receiver, "/redirect").status == 302
    assert len(receiver.received) == 1


def test_no_proxy_of_the_environment_is_asked(receiver, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    assert sent(receiver).status == 200


def test_a_certificate_of_an_unknown_authority_is_refused(receiver):
    rules = OutgoingRules(networks=LOOPBACK)
    assert problem_of(receiver, rules=rules) == OutgoingProblem.CERTIFICATE


def test_a_certificate_for_another_name_is_refused():
    with receiving(name="other.example") as other:
        assert problem_of(other) == OutgoingProblem.CERTIFICATE


def test_an_address_in_numbers_is_held_against_the_certificate(receiver):
    assert sent(receiver, host="127.0.0.1").status == 200


def test_a_name_that_nobody_has_is_said_so(receiver, monkeypatch):
    def nobody(*_args, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", nobody)
    assert problem_of(receiver) == OutgoingProblem.NAME_UNKNOWN


def test_a_closed_port_is_said_so(receiver):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"https://localhost:{free.getsockname()[1]}/"
    with pytest.raises(NotAnswered) as refused:
        post(address, body=b"", headers={}, rules=receiver.rules)
    assert refused.value.problem == OutgoingProblem.NO_CONNECTION


@pytest.mark.parametrize("path", ["/silent", "/drip"])
def test_whoever_answers_slowly_costs_one_timeout_in_all(receiver, path):
    began = monotonic()
    assert problem_of(receiver, path, seconds=0.8) == OutgoingProblem.TIMEOUT
    assert monotonic() - began < 1.6


def test_a_name_server_that_does_not_answer_costs_no_more(receiver, monkeypatch):
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_a, **_m: sleep(2))
    began = monotonic()
    assert problem_of(receiver, seconds=0.3) == OutgoingProblem.TIMEOUT
    assert monotonic() - began < 1.5


def test_a_connection_that_is_cut_is_said_so(receiver):
    assert problem_of(receiver, "/reset") == OutgoingProblem.CONNECTION_LOST


def test_of_a_huge_answer_a_little_is_read(receiver):
    began = monotonic()
    answer = sent(receiver, "/huge")
    assert (answer.status, answer.text) == (200, "x" * 200)
    assert monotonic() - began < 2


@pytest.mark.parametrize("path", ["/negative", "/continue", "/headers"])
def test_of_an_answer_without_end_about_a_megabyte_is_read(receiver, path, monkeypatch):
    taken = []
    usual = outgoing.ssl.SSLSocket.read

    def counted(self, *args, **more):
        found = usual(self, *args, **more)
        if isinstance(self, BoundedSocket):
            taken.append(found if isinstance(found, int) else len(found))
        return found

    monkeypatch.setattr(outgoing.ssl.SSLSocket, "read", counted)
    began = monotonic()
    with suppress(NotAnswered):
        sent(receiver, path)
    assert sum(taken) < 2 * ANSWER_MOST
    assert monotonic() - began < 3


def test_a_chunk_of_less_than_nothing_is_no_fault_of_ours(receiver):
    answer = sent(receiver, "/overflow")
    assert (answer.status, answer.text) == (200, "")


@pytest.mark.parametrize("fault", [OverflowError, MemoryError, ValueError])
def test_whatever_an_answer_does_to_the_reader_is_a_connection_lost(receiver, monkeypatch, fault):
    def broken(_self):
        raise fault

    monkeypatch.setattr(outgoing.HTTPSConnection, "getresponse", broken)
    assert problem_of(receiver) == OutgoingProblem.CONNECTION_LOST


def test_signs_that_cannot_be_shown_are_left_out_of_the_answer(receiver):
    answer = sent(receiver, "/binary")
    assert answer.status == 400
    assert answer.text.startswith("no")
    assert answer.text.isprintable()
    assert len(answer.text) <= 200


def test_how_long_to_wait_is_handed_on(receiver):
    answer = sent(receiver, "/busy")
    assert (answer.status, answer.retry_after) == (503, "1800")


def test_where_nothing_leaves_nobody_is_asked(receiver):
    receiver.received.clear()
    rules = OutgoingRules(networks=LOOPBACK, ca_file=receiver.ca_file, is_open=False)
    assert problem_of(receiver, rules=rules) == OutgoingProblem.CLOSED
    assert receiver.received == []
