"""What is refused before anybody knows who asks."""

from __future__ import annotations


def test_a_wrong_host_name_is_refused_in_words(client, db):
    answer = client.get("/", headers={"host": "somebody-else.example"})
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


def test_a_supervisor_is_answered(client, db):
    assert client.get("/healthz").content == b"ok\n"
