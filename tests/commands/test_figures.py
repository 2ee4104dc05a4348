"""A run's figures come from stored rows, and from that run's rows only."""

import pytest

from tests import builders
from yifu.commands.figures import Run

pytestmark = pytest.mark.django_db


def numbered(visit_no):
    visit = builders.visit(builders.person())
    visit.visit_no = visit_no
    visit.save()


def test_a_run_without_visits_has_figures_of_nothing():
    figures = Run(5).figures()
    assert set(figures.values()) == {0}
    assert {"visits", "settled", "total_fen", "recovered", "receipts"} <= set(figures)


def test_only_the_runs_own_visits_count_and_those_left_waiting_do_not():
    for number in ("R0005V000001", "R0005-MZ1", "R0006V000001", "R0005W000001", "MZ1"):
        numbered(number)
    assert Run(5).figures()["visits"] == 2
    assert Run(5).settlement_marks() == []
    assert Run(5).payment_marks() == []
    assert Run(5).without_receipt() == 0
