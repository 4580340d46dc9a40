"""Templates have one form, and what brings them into it changes nothing that is seen."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pytest
from django.template import engines

from tests.house.laws import PACKAGE, ROOT

pytestmark = pytest.mark.once


@pytest.fixture
def formatted(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "script"))
    return importlib.import_module("template_writing").formatted


def rendered(template, **context):
    return engines["django"].from_string(template).render(context)


def test_every_template_is_in_its_form():
    command = [sys.executable, "script/templates.py", "--check"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 0)


def test_block_elements_have_lines_of_their_own_and_short_ones_stay_in_one(formatted):
    text = '<div class="x"><p>One <strong>two</strong></p><ul><li>three</li></ul></div>\n'
    assert formatted(text) == (
        '<div class="x">\n'
        "  <p>One <strong>two</strong></p>\n"
        "  <ul>\n"
        "    <li>three</li>\n"
        "  </ul>\n"
        "</div>\n"
    )


LONG = "word " * 30


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{LONG}<b>{LONG}</b><i>x</i>{{{{ name }}}}</p>\n",
        f"<p><b>x</b>{{% if name %}}<i>{LONG}</i>{{% else %}}y{{% endif %}}z{LONG}</p>\n",
        f"<p>{{% for a in name %}}<b>{{{{ a }}}}</b>, {{% endfor %}}{LONG}</p>\n",
        f'<p><a href="/{"x" * 60}/" class="ds-link">y</a>{LONG}<span>z</span>{LONG}</p>\n',
    ],
)
def test_no_space_comes_between_words_that_stood_together(formatted, text):
    new = formatted(text)
    assert max(map(len, new.splitlines())) <= 100
    for name in ("", "abc"):
        seen, before = rendered(new, name=name), rendered(text, name=name)
        assert spaced(seen) == spaced(before)


def spaced(html):
    """Return what a page shows of inline elements: white space is one space, at an edge none."""
    text = " ".join(html.replace("\n>", ">").split())
    return text.replace("<p> ", "<p>").replace(" </p>", "</p>")


def test_a_long_translated_text_keeps_its_message(formatted):
    text = f'{{% load i18n %}}<p>{{% translate "{LONG}end." %}}</p>\n'
    new = formatted(text)
    assert "{% blocktranslate trimmed %}" in new
    assert spaced(rendered(new)) == spaced(rendered(text)).replace("{% load i18n %}", "")


def test_what_is_shown_as_it_stands_stays_as_it_is(formatted):
    text = "<div><pre>one\n  two</pre><textarea>\n{{ a }}\n</textarea></div>\n"
    new = formatted(text)
    assert "<pre>one\n  two</pre>" in new
    assert "<textarea>\n{{ a }}\n</textarea>" in new


def test_its_form_stays_its_form(formatted):
    for path in sorted((ROOT / "src/samsyn/ui/templates/ui").glob("*.html")):
        text = path.read_text()
        assert formatted(text) == text


OF_A_LIBRARY = {"action_url", "redirect_field", "session_count", "attrs", "slots"}
ALWAYS = {"request", "user", "messages", "forloop", "block", "form", "by", "perms"}
WORDS = {"if", "not", "and", "or", "in", "is", "as", "with", "only", "count", "trimmed", "None"}
READ = re.compile(r"\{\{(.*?)\}\}|\{% (?:if|elif|for .+? in|with|include|url)\b(.*?)%\}", re.DOTALL)


def variables(text):
    """Return the names that a template reads and does not make itself."""
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
    loops = re.findall(r"\{% for (.+?) in ", text)
    made = {name for names in loops for name in re.findall(r"\w+", names)}
    made |= {name for pair in re.findall(r"\bas (\w+)|(?<=[ \n])(\w+)=", text) for name in pair}
    plain = (re.sub(r"\"[^\"]*\"|'[^']*'", "", "".join(found)) for found in READ.findall(text))
    read = {name for part in plain for name in re.findall(r"(?<![\w.|:])([a-z_]\w*)", part)}
    return read - made - WORDS - ALWAYS


def test_every_name_that_a_template_reads_is_given_by_some_code():
    code = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    found = re.findall(r"[\"'](\w+)[\"']|\b(\w+)(?=\s*[=:])", code)
    given = {name for pair in found for name in pair}
    lacking = {
        (path.name, name)
        for path in PACKAGE.rglob("*.html")
        for name in variables(path.read_text()) - given - OF_A_LIBRARY
    }
    assert lacking == set()


def test_a_name_that_nothing_gives_is_seen():
    text = '{% for row in rows %}{{ row.name }}{% endfor %}{% include "x" with buttons=list_acts %}'
    assert variables(text) == {"rows", "list_acts"}
