"""Decisions about standing, listing and telling, whatever the bills and entries."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from yifu.collection import rules
from yifu.collection.rules import EntryValue
from yifu.credit.rules import Standing

STATES = st.sampled_from(sorted(rules.TRANSITIONS))
WORDS = st.sampled_from(["proposed", "confirmed", "refused", "lifted"])
BILLS = st.lists(st.tuples(STATES, st.none() | WORDS), max_size=6)
ENTRIES = st.lists(st.builds(EntryValue, WORDS, st.booleans()), max_size=6)
PARTIES = st.sampled_from(["credit_platform", "insurer", "another"])
ORDER = [Standing.GOOD, Standing.SUSPENDED, Standing.DEFAULTED]


@given(BILLS)
def test_standing_is_good_exactly_when_no_bill_is_bad(bills):
    bad = any(state in rules.BAD for state, _ in bills)
    assert (rules.standing_of(bills) == Standing.GOOD) is not bad


@given(BILLS, STATES, st.none() | WORDS)
def test_paying_never_makes_a_standing_worse(bills, state, word):
    before = rules.standing_of([*bills, (state, word)])
    assert ORDER.index(rules.standing_of([*bills, ("paid", word)])) <= ORDER.index(before)


@given(BILLS)
def test_only_what_is_overdue_left_means_suspended(bills: list[Any]) -> None:
    left = [(state, word) for state, word in bills if state not in {"defaulted", "written_off"}]
    assert rules.standing_of([*left, ("overdue", None)]) == Standing.SUSPENDED


@given(st.sampled_from(["defaulted", "written_off"]), BILLS)
def test_a_bill_that_was_not_recognised_is_no_default(state: Any, bills: list[Any]) -> None:
    good = [(one, word) for one, word in bills if one not in rules.BAD]
    for unrecognised in ("refused", "lifted"):
        assert rules.standing_of([*good, (state, unrecognised)]) == Standing.SUSPENDED
    for recognised in (None, "proposed", "confirmed"):
        assert rules.standing_of([*good, (state, recognised)]) == Standing.DEFAULTED


@given(ENTRIES)
def test_a_person_is_listed_while_one_confirmed_entry_is_uncontested(entries):
    expected = sum(one.state == "confirmed" and not one.contested for one in entries) >= 1
    assert rules.is_listed(entries) is expected


@given(ENTRIES)
def test_contesting_everything_lists_nobody(entries):
    assert not rules.is_listed([EntryValue(one.state, contested=True) for one in entries])


@given(
    listed=st.booleans(),
    parties=st.lists(PARTIES, unique=True),
    newest=st.dictionaries(PARTIES, st.booleans()),
)
def test_after_telling_there_is_nothing_left_to_tell(listed, parties, newest):
    told = rules.to_tell(listed=listed, parties=parties, newest=newest)
    after = newest | told
    assert rules.to_tell(listed=listed, parties=parties, newest=after) == {}
    for party in parties:
        assert after.get(party, False) is listed
    for party in after.keys() - set(parties):
        assert after[party] is False, "who is not told any more is told the way back"
    assert all(newest.get(party, False) != wish for party, wish in told.items())


@given(WORDS, st.integers(0, 60), st.integers(-5, 100))
def test_an_entry_is_contestable_until_the_days_are_over(state, days, passed):
    decided_at = None if state == "proposed" else NOW
    may = rules.may_contest(
        state=state,
        decided_at=decided_at,
        contest_days=days,
        now=NOW + timedelta(days=passed),
    )
    assert may is (state == "proposed" or (state == "confirmed" and passed <= days))


@given(st.lists(st.integers(1, 600), min_size=1, max_size=6), st.integers(1, 50))
def test_the_last_wait_between_tellings_goes_on_for_ever(retry_seconds, tries):
    expected = retry_seconds[tries - 1] if tries <= len(retry_seconds) else retry_seconds[-1]
    assert rules.retry_after(retry_seconds, tries=tries) == expected
