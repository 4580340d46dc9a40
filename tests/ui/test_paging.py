"""One page of a long list."""

from __future__ import annotations

import pytest

from samsyn.access.models import Person
from samsyn.ui.paging import Page, page_of


@pytest.mark.parametrize(
    ("asked", "first", "last"), [(1, 1, 50), (3, 101, 120), (99, 101, 120), (-4, 1, 50)]
)
def test_a_number_out_of_reach_gives_the_nearest_page(asked, first, last):
    page = page_of(list(range(120)), number=asked, size=50)
    assert (page.first, page.last) == (first, last)


def test_an_empty_list_has_one_page_with_nothing_on_it():
    page = page_of([], number=1, size=50)
    assert (page.count, page.first, page.last, list(page.rows)) == (1, 0, 0, [])


def test_pages_far_away_are_left_out():
    assert Page(rows=[], number=10, size=1, total=20).numbers == [1, 0, 9, 10, 11, 0, 20]


@pytest.mark.django_db
def test_a_page_of_a_query_keeps_its_order_and_costs_three_queries(django_assert_num_queries):
    Person.objects.bulk_create(
        Person(email=f"p{i}@fjellvik.example", name=f"P{9 - i}") for i in range(10)
    )
    with django_assert_num_queries(3):
        page = page_of(Person.objects.order_by("name"), number=2, size=4)
    assert [person.name for person in page.rows] == ["P4", "P5", "P6", "P7"]
