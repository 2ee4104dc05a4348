"""What channels' answers mean, and how much may be debited; on plain values."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import yifu.payments
from yifu.payments import rules
from yifu.payments.models import AttemptState
from yifu.payments.rules import Answer, AnswerKind, Meaning

TABLE = rules.read_answers(
    (Path(yifu.payments.__file__).parent / "answers.toml").read_text(encoding="utf-8")
)
KINDS = st.sampled_from(list(AnswerKind))
OPERATIONS = st.sampled_from(["debit", "ask_debit", "refund", "ask_refund"])
MEANINGS = st.sampled_from(list(Meaning))


def conclude(answer: Answer, *, operation="debit", landed=False, amount_fen=3000):
    return rules.conclude(
        TABLE, answer, channel="wechat", operation=operation, amount_fen=amount_fen, landed=landed
    )


@pytest.mark.parametrize(
    ("operation", "code", "meaning"),
    [
        ("debit", "ACCEPTED", Meaning.ASK),
        ("debit", "NOT_ENOUGH", Meaning.NEXT),
        ("debit", "FREQUENCY_LIMITED", Meaning.SAME_AGAIN),
        ("debit", "SIGN_ERROR", Meaning.STOP),
        ("debit", "NEVER_HEARD_OF", Meaning.STOP),
        ("ask_debit", "PAYERROR", Meaning.NEXT),
        ("ask_debit", "FREQUENCY_LIMITED", Meaning.ASK),
    ],
)
def test_a_code_means_what_the_table_says_and_an_unmapped_one_stops(operation, code, meaning):
    found = rules.meaning_of(TABLE, channel="wechat", operation=operation, code=code)
    assert found is meaning


def test_a_meaning_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="perhaps"):
        rules.read_answers('[wechat.debit]\nNOT_ENOUGH = "perhaps"\n')


def test_outcomes_are_states_of_attempts():
    outcomes = {"succeeded", "failed", "unknown"}
    assert outcomes < set(AttemptState.values)


def test_an_answer_about_another_amount_is_not_believed():
    answer = Answer(AnswerKind.DONE, "SUCCESS", transaction_id="4200", amount_fen=3001)
    assert conclude(answer, operation="ask_debit").state == "unknown"


def test_what_never_left_failed_and_may_be_tried_again():
    assert conclude(Answer(AnswerKind.UNSENT)) == rules.Conclusion(
        "failed", "UNSENT", Meaning.SAME_AGAIN
    )


def test_a_question_that_never_left_says_nothing_about_the_debit():
    assert conclude(Answer(AnswerKind.UNSENT), operation="ask_debit").state == "unknown"


def test_an_unknown_number_is_believed_only_when_nothing_can_be_on_its_way():
    answer = Answer(AnswerKind.ABSENT, "ORDER_NOT_EXIST")
    assert conclude(answer, operation="ask_debit").state == "unknown"
    assert conclude(answer, operation="ask_debit", landed=True).state == "failed"


@given(KINDS, OPERATIONS, st.text(max_size=10), st.booleans(), st.none() | st.integers(1, 9999))
def test_money_is_called_taken_only_when_the_channel_said_so(kind, operation, code, landed, fen):
    """And only what surely did not happen is called failed; everything else stays unknown."""
    answer = Answer(kind, code, amount_fen=fen)
    found = conclude(answer, operation=operation, landed=landed, amount_fen=3000)
    if found.state == "succeeded":
        assert kind == AnswerKind.DONE
        assert fen in (None, 3000)
    if kind == AnswerKind.UNANSWERED or (kind == AnswerKind.ABSENT and not landed):
        assert found.state == "unknown"
    assert (found.meaning == Meaning.ASK) == (found.state == "unknown")


def test_the_chain_goes_on_after_next_and_again_after_same_again():
    chain = ("wechat", "alipay")
    assert rules.next_channel(chain, []) == "wechat"
    assert rules.next_channel(chain, [("wechat", Meaning.NEXT)]) == "alipay"
    assert rules.next_channel(chain, [("wechat", Meaning.SAME_AGAIN)]) == "wechat"
    twice = [("wechat", Meaning.SAME_AGAIN), ("wechat", Meaning.SAME_AGAIN)]
    assert rules.next_channel(chain, twice) == "alipay"
    assert rules.next_channel((), []) is None


@given(
    st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    st.lists(MEANINGS, min_size=20, max_size=20),
)
def test_the_chain_ends_and_never_leaves_an_unknown_outcome(chain, meanings):
    tries: list[tuple[str, Meaning]] = []
    for meaning in meanings:
        channel = rules.next_channel(chain, tries)
        if channel is None:
            break
        assert channel in chain
        tries.append((channel, meaning))
    assert len(tries) <= 2 * len(chain)
    for (_, meaning), _ in pairwise(tries):
        assert meaning in (Meaning.NEXT, Meaning.SAME_AGAIN)


@given(st.lists(st.integers(1, 10**7)), st.integers(0, 10**8))
def test_a_day_takes_no_more_than_its_limit_and_wastes_none_of_it(wanted, left_fen):
    given_ = rules.allot(wanted, left_fen=left_fen)
    assert sum(given_) == min(sum(wanted), left_fen)
    assert all(0 <= part <= want for part, want in zip(given_, wanted, strict=True))


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_what_is_left_today_is_never_negative(limit_fen, used_fen):
    left = rules.left_today(daily_limit_fen=limit_fen, used_fen=used_fen)
    assert left == max(0, limit_fen - used_fen)


def test_numbers_are_what_the_channel_takes():
    assert rules.trade_number("A", date(2026, 3, 2), 17) == "A2026030200000000000017"


def test_a_failed_attempts_code_says_whether_the_chain_goes_on():
    after = rules.after_failure(TABLE)
    assert after["wechat", "NOTENOUGH"] == Meaning.NEXT
    assert after["wechat", "FREQUENCY_LIMITED"] == Meaning.SAME_AGAIN
    assert after["citizen_card", "UNSENT"] == Meaning.SAME_AGAIN
    assert ("wechat", "SIGN_ERROR") not in after
