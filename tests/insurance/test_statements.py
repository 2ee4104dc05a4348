"""What the insurer has is read from its result file, whatever way it has of marking a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.insurance.files import StatementLine, UnreadableFile, read_rows, write_table
from yifu.insurance.regions.loading import region
from yifu.insurance.rules import yuan
from yifu.insurance.statements import Booked, Stated, interpret

RESULTS = region("national").results("990100")

HUNAN = {"equal": "0", "theirs_only": "1", "ours_only": "1", "differ": "1"}
FOUR_CODES = {"equal": "0", "theirs_only": "1", "ours_only": "2", "differ": "3"}
LONG_CODES = {
    "equal": "000000",
    "theirs_only": "000101",
    "ours_only": "000102",
    "differ": "000103",
}
KEYS = st.tuples(st.sampled_from(["S1", "S2", "S3"]), st.booleans())
AMOUNTS = st.tuples(*[st.integers(0, 3)] * 3)
SIDES = st.dictionaries(KEYS, AMOUNTS)


def booked(key, amounts):
    total, fund, account = signed(key, amounts)
    line = StatementLine(key[0], "M1", "P1", total, fund, account, refund=key[1])
    return Booked(line, 0, "11")


def stated(key, amounts):
    return Stated(*key, *signed(key, amounts))


def signed(key, amounts):
    return tuple(-amount if key[1] else amount for amount in amounts)


def row(key, amounts, result, *, msgid="N1"):
    texts = ("", "", "") if amounts is None else tuple(str(yuan(fen)) for fen in amounts)
    return {
        "psn_no": "P1",
        "mdtrt_id": "M1",
        "setl_id": key[0],
        "msgid": msgid,
        "stmt_rslt": result,
        "refd_setl_flag": "1" if key[1] else "0",
        "memo": "",
        **dict(zip(("medfee_sumamt", "fund_pay_sumamt", "acct_pay"), texts, strict=True)),
    }


def result_file(ours, theirs, codes, *, bare, positive):
    """What an insurer answers: `bare` leaves our amounts out, `positive` writes refunds so."""
    rows = []
    for key in sorted(ours.keys() | theirs.keys()):
        our, their = ours.get(key), theirs.get(key)
        shown = None if their is None else their if positive else signed(key, their)
        if their is None:
            echoed = None if bare else signed(key, our)
            rows.append(row(key, echoed, codes["ours_only"], msgid="0"))
        elif our is None:
            rows.append(row(key, shown, codes["theirs_only"]))
        elif our == their:
            rows.append(row(key, None if bare else shown, codes["equal"]))
        else:
            rows.append(row(key, shown, codes["differ"]))
    return write_table("3202", "out", rows, name="result.txt")


@given(SIDES, SIDES, st.sampled_from([HUNAN, FOUR_CODES, LONG_CODES]), st.booleans(), st.booleans())
def test_what_the_insurer_has_comes_out_of_any_dialect(ours, theirs, codes, bare, positive):
    content = result_file(ours, theirs, codes, bare=bare, positive=positive)
    found = interpret(
        read_rows("3202", "out", content),
        [booked(key, amounts) for key, amounts in ours.items()],
        results=RESULTS,
    )
    wanted = {stated(key, amounts) for key, amounts in theirs.items()}
    assert set(found) == wanted
    assert len(found) == len(wanted)


def interpreted(rows, ours):
    return interpret([tuple(one.values()) for one in rows], ours, results=RESULTS)


OUR = booked(("S1", False), (100, 60, 10))
GOOD = row(("S1", False), (100, 60, 10), "0")


def test_amounts_count_as_given_even_where_a_row_is_marked_equal():
    given_ = GOOD | {"medfee_sumamt": "1.01"}
    assert interpreted([given_], [OUR]) == [Stated("S1", False, 101, 60, 10)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([GOOD, GOOD], "stands twice"),
        ([GOOD | {"setl_id": ""}], "no setl_id"),
        ([GOOD | {"stmt_rslt": "7"}], "unknown stmt_rslt 7"),
        ([GOOD | {"medfee_sumamt": "1.001"}], "medfee_sumamt"),
        ([GOOD | {"fund_pay_sumamt": "one"}], "fund_pay_sumamt"),
        ([row(("S9", False), None, "0")], "no amounts"),
        ([row(("S9", False), None, "1")], "no amounts"),
        ([GOOD | {"psn_no": "P2"}], "psn_no or mdtrt_id is not that of S1"),
        ([GOOD | {"mdtrt_id": "M2"}], "psn_no or mdtrt_id is not that of S1"),
    ],
)
def test_a_result_that_cannot_be_understood_is_refused(rows, reason):
    with pytest.raises(UnreadableFile, match=reason):
        interpreted(rows, [OUR])


def test_a_row_of_ours_that_is_not_mentioned_is_not_the_insurers():
    other = OUR._replace(line=OUR.line._replace(setl_id="S2"))
    assert [one.setl_id for one in interpreted([GOOD], [OUR, other])] == ["S1"]
