"""What is unsolved is asked for in the words of the indexes, so that they answer alone."""

from __future__ import annotations

import pytest
from django.db import connection

from samsyn.access.actor import job_actor
from samsyn.findings.models import Finding
from samsyn.findings.selectors import finding_list


@pytest.mark.parametrize("name", ["finding_unsolved", "finding_picture"])
def test_the_question_has_the_words_of_the_index(cast, name):
    index = next(each for each in Finding._meta.indexes if each.name == name)
    said = str(index.create_sql(Finding, connection.schema_editor())).rpartition(" WHERE ")[2]
    asked = finding_list(actor=job_actor("test"), state="unsolved").query
    sql, values = asked.sql_with_params()
    assert said in sql.replace('"findings_finding".', "")
    assert "closed" not in values
