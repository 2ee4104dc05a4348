"""For which days the books cannot be called balanced."""

from datetime import date

import pytest

from yifu.commands.day import as_text
from yifu.commands.morning import days_to_match, matched_at
from yifu.commands.script import problems

CLEAN = {
    "differences": {"unexplained": 0, "details": []},
    "ledger": {"balanced": True, "faults": ()},
    "under_way": 0,
    "web_restarts": 0,
    "refused": [],
}


def said(without_receipt=0, **changes):
    return list(problems(CLEAN | changes, without_receipt=without_receipt))


def test_a_clean_day_has_no_problems():
    assert said() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"differences": {"unexplained": 1, "details": ["insurer amount S1"]}},
            "insurer amount S1",
        ),
        ({"ledger": {"balanced": False, "faults": ("line 3",)}}, "line 3"),
        ({"under_way": 2}, "2 settlements"),
        ({"without_receipt": 1}, "no receipt"),
        ({"refused": [{"visit_no": "R1", "step": "POST /x"}]}, "R1 POST /x"),
    ],
)
def test_whatever_does_not_add_up_is_said(changes, words):
    (problem,) = said(**changes)
    assert words in problem


def test_what_was_refused_while_the_web_was_away_is_no_problem():
    assert said(web_restarts=1, refused=[{"visit_no": "R1", "step": "POST /x"}]) == []


def test_the_days_of_a_run_and_the_day_of_its_nights_debits_are_matched_each_next_morning():
    days = days_to_match([date(2026, 3, 2), date(2026, 2, 26)])
    assert days == [date(2026, 2, 26), date(2026, 3, 2), date(2026, 3, 3)]
    assert matched_at(days[-1]).isoformat() == "2026-03-04T10:30:00+08:00"


def test_a_report_for_people_shows_money_and_what_was_rejected():
    figures = dict.fromkeys(
        (
            *("visits", "settled", "total_fen", "fund_fen", "account_fen", "personal_fen"),
            *("on_credit_fen", "debited_fen", "cash_fen", "refunded_fen", "owed_fen", "overdue"),
            *("receipts", "red_receipts", "recovered", "run", "seconds"),
        ),
        123_456,
    )
    rejected = [{"line": 8, "code": "amount_mismatch", "reason": "数量×单价不符"}]
    differences = {"found": 4, "injected": 4, "unexplained": 0, "details": []}
    text = as_text(
        CLEAN
        | figures
        | {"differences": differences, "memory_mb": {"web": 99.0}, "problems": ["oh"]}
        | {"rejected": rejected}
    )
    for part in ("¥1,234.56", "123,456", "line 8", "数量×单价不符", "! oh", "web 99 MB"):
        assert part in text
