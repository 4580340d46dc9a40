"""Anchors kept outside: a cut end, a trail written anew and an exchanged entry are noticed."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from samsyn.audit.anchors import anchor_made, anchors_read
from samsyn.audit.keys import trail_keys
from samsyn.audit.models import Entry
from samsyn.audit.rules import Key
from samsyn.audit.services import record
from tests.audit.attacks import past_the_guard, written_anew


@pytest.fixture
def five(db):
    return [record(actor=f"person {n}", person_id=None, action="x.y") for n in range(1, 6)]


def anchor_of(entry, key=None):
    return anchor_made(
        number=entry.number,
        code=entry.hash,
        at=timezone.now(),
        installation="https://samsyn.example",
        key=key or trail_keys()[0],
    )


def kept(tmp_path, *entries):
    file = tmp_path / "anchors.txt"
    file.write_text("".join(f"{anchor_of(entry)}\n" for entry in entries))
    return file


def verify(*files):
    call_command("trail_verify", *[f"--anchor={file}" for file in files])


def refused(capsys, *files):
    with pytest.raises(SystemExit) as ended:
        verify(*files)
    assert ended.value.code == 3
    return capsys.readouterr().err


def test_a_trail_that_fits_its_anchors_is_proved(five, tmp_path, capsys):
    verify(kept(tmp_path, five[1], five[4]))
    assert "2 anchors fit. Up to entry 5 " in capsys.readouterr().out


def test_a_cut_end_is_noticed(five, tmp_path, capsys):
    file = kept(tmp_path, five[4])
    past_the_guard("delete from audit_entry where number > 3")
    said = refused(capsys, file)
    assert "its end was cut off" in said
    assert "restored" in said
    assert "samsyn trail_anchor" in said


def test_a_trail_that_is_wholly_gone_is_noticed(five, tmp_path, capsys):
    file = kept(tmp_path, five[4])
    past_the_guard("delete from audit_entry")
    assert "now it ends at 0" in refused(capsys, file)


def test_an_end_invented_by_somebody_with_the_key_is_noticed(five, tmp_path, capsys):
    file = kept(tmp_path, five[4])
    past_the_guard("delete from audit_entry where number > 3")
    for name in ("invented", "made up"):
        record(actor=name, person_id=None, action="x.y")
    assert "is not the one that was there" in refused(capsys, file)


def test_a_whole_written_anew_is_noticed(five, tmp_path, capsys):
    file = kept(tmp_path, five[2])
    written_anew(lambda fields: fields | {"actor": "nobody"})
    assert "entry 3 is not the one" in refused(capsys, file)


def test_an_exchanged_entry_is_noticed(five, tmp_path, capsys):
    file = kept(tmp_path, five[1], five[3])
    past_the_guard(
        "update audit_entry set number = 100 where number = 2",
        "update audit_entry set number = 2 where number = 4",
        "update audit_entry set number = 4 where number = 100",
    )
    said = refused(capsys, file)
    assert "entry 2 is not the one" in said
    assert "entry 4 is not the one" in said


def test_an_invented_anchor_is_noticed(five, tmp_path, capsys):
    file = tmp_path / "anchors.txt"
    file.write_text(str(anchor_of(five[2], key=Key("somebody else's key, quite long"))))
    assert "not made with a key of this installation" in refused(capsys, file)
    file.write_text(str(anchor_of(five[2])).replace("number=3", "number=2"))
    assert "not made with a key of this installation" in refused(capsys, file)


def test_an_anchor_of_another_installation_is_not_taken_for_ours(five, tmp_path, capsys):
    file = tmp_path / "anchors.txt"
    file.write_text(str(anchor_of(five[2])).replace("samsyn.example", "other.example"))
    assert "not made with a key of this installation" in refused(capsys, file)


def test_several_files_are_read(five, tmp_path, capsys):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text(str(anchor_of(five[0])))
    second.write_text(str(anchor_of(five[4])))
    verify(first, second)
    assert "2 anchors fit" in capsys.readouterr().out


def mail_with(text):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Anchor", "a@example.org", "b@example.org"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative("<p>Anchor</p>", subtype="html")
    return mail.as_bytes()


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda line: line.encode(),
        lambda line: f"Hello\n\n  {line}\n\nRegards, åäö\n".encode(),
        lambda line: "\n".join(f"> {part}" for part in line.split(" ")).encode(),
        lambda line: line.replace(" ", "\r\n    ").encode(),
        lambda line: f"Subject: Anchor\nFrom: a@example.org\n\n{line}\n".encode(),
        mail_with,
        lambda line: mail_with(f"Kære\n\n{line}\n\nÅ"),
    ],
)
def test_an_anchor_is_read_from_a_file_and_from_a_saved_mail(five, wrapped):
    made = anchor_of(five[2])
    assert list(anchors_read(wrapped(str(made)))) == [made]


def test_a_file_without_an_anchor_proves_nothing_and_is_refused(five, tmp_path):
    empty = tmp_path / "empty"
    empty.write_text("nothing\n")
    with pytest.raises(CommandError, match="holds no anchor"):
        verify(empty)
    with pytest.raises(CommandError, match="cannot be read"):
        verify(tmp_path / "missing")
    assert Entry.objects.count() == 5


@pytest.mark.parametrize("damage", [lambda line: line[:-6], str.upper, lambda line: line[:-80]])
def test_a_damaged_anchor_is_not_passed_over(five, tmp_path, damage):
    old, newest = str(anchor_of(five[1])), str(anchor_of(five[4]))
    file = tmp_path / "anchors.txt"
    file.write_text(f"{old}\nsamsyn-anchor number={damage(newest.partition('number=')[2])}\n")
    past_the_guard("delete from audit_entry where number > 3")
    with pytest.raises(CommandError, match="cannot be read"):
        verify(file)
