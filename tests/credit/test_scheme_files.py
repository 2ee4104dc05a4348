"""Scheme files: the shipped ones say everything, a bad one is refused with every fault's line."""

import pytest

from yifu.credit import schemes
from yifu.credit.schemes import SchemeUnreadable
from yifu.credit.schemes.reading import parse

TEXT = schemes.text_of("hangzhou")


def refused(text: str) -> list[tuple[int, str, str]]:
    """Parse a bad file; gives line, place and message of every fault."""
    with pytest.raises(SchemeUnreadable) as found:
        parse(text, name="city.toml")
    faults = []
    for fault in found.value.faults:
        name, line, place, message = fault.split(":", 3)
        assert name == "city.toml"
        faults.append((int(line), place.strip(), message.strip()))
    return faults


def changed(*changes: tuple[str, str]) -> str:
    """The shipped text with words exchanged, each once."""
    text = TEXT
    for before, after in changes:
        assert text.count(before) >= 1, before
        text = text.replace(before, after, 1)
    return text


def line_of(text: str, words: str, *, nth: int = 1) -> int:
    """The line on which words stand for the nth time, counted from 1."""
    found = [number for number, line in enumerate(text.splitlines(), 1) if words in line]
    return found[nth - 1]


def only(text: str) -> tuple[int, str, str]:
    (fault,) = refused(text)
    return fault


@pytest.mark.parametrize("code", schemes.SHIPPED)
def test_every_shipped_file_says_everything(code):
    scheme = schemes.load(code)
    assert scheme.code == code
    assert scheme.debit.chain
    assert scheme.bad_debt.bearer("nowhere") == scheme.bad_debt.otherwise
    assert "[assumed]" in schemes.text_of(code), "what is not known is said to be assumed"


def test_an_unknown_code_has_no_file():
    with pytest.raises(LookupError):
        schemes.load("atlantis")


def test_a_gap_between_bands_is_found_on_the_row_after_it():
    text = changed(("highest = 399", "highest = 397"))
    assert only(text) == (
        line_of(text, "[[score.bands]]", nth=2),
        "score.bands.1",
        "a gap from 398 to 399",
    )


def test_an_overlap_of_bands_is_found_on_the_later_row():
    text = changed(("lowest = 700", "lowest = 650"))
    line, place, message = only(text)
    assert (line, place) == (line_of(text, "[[score.bands]]", nth=4), "score.bands.3")
    assert message == "650 to 699 is covered twice"


def test_a_band_that_ends_before_it_begins_and_one_that_gives_less_are_found():
    text = changed(("lowest = 550", "lowest = 720"), ("lowest = 700", "lowest = 700"))
    assert only(text)[1:] == ("score.bands.2", "720 to 699 is no range")
    text = changed(("limit_fen = 500000", "limit_fen = 200000"))
    assert only(text)[1:] == ("score.bands.3", "a better score from 700 on gives less")


@pytest.mark.parametrize(
    ("change", "row", "message"),
    [
        (("to_days = 29", "to_days = 27"), 1, "a gap from 28 to 29"),
        (("to_days = 29", "to_days = 31"), 1, "30 to 31 is covered twice"),
        (("to_days = 89\n", "\n"), 2, "90 on is covered twice"),
        (("from_days = 0", "from_days = 1"), 0, "they begin at from_days = 0"),
        (("from_days = 365\n", "from_days = 365\nto_days = 400\n"), 3, "nothing is said from 401"),
        (("to_days = 364", "to_days = 80"), 2, "a range ends before it begins"),
    ],
)
def test_the_ages_of_provisions_leave_no_gap_and_do_not_overlap(change, row, message):
    text = changed(change)
    line, place, said = only(text)
    assert (line, place) == (
        line_of(text, "[[bad_debt.provisions]]", nth=row + 1),
        f"bad_debt.provisions.{row}",
    )
    assert said.startswith(message)


def test_a_chain_that_comes_back_is_found_where_it_turns():
    text = changed(('then = "unionpay"', 'then = "citizen_card"'))
    line, place, message = only(text)
    assert line == line_of(text, 'then = "citizen_card"')
    assert (place, message) == ("debit.channels.1.then", "the chain comes back to citizen_card")


@pytest.mark.parametrize(
    ("change", "words", "message"),
    [
        (('then = "alipay"', 'then = "nobody"'), 'then = "nobody"', "nobody is named"),
        (('first = "citizen_card"', 'first = "nobody"'), 'first = "nobody"', "nobody is named"),
        (('channel = "wechat"', 'channel = "alipay"'), "", "alipay comes twice"),
        (('then = "wechat"\n', "\n"), "", "nothing leads to wechat"),
    ],
)
def test_a_chain_names_every_channel_once(change, words, message):
    text = changed(change)
    line, place, said = only(text)
    wanted = line_of(text, words) if words else line_of(text, "[[debit.channels]]", nth=4)
    assert line == wanted
    assert place.startswith("debit.")
    assert said.startswith(message)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("limit_fen = 100000", "limit_fen = -1", "score.bands.1.limit_fen"),
        ("limit_fen = 100000", "limit_fen = 1000.5", "score.bands.1.limit_fen"),
        ("limit_fen = 100000", "limit_fen = 1000.0", "score.bands.1.limit_fen"),
        ("limit_fen = 100000", "limit_fen = true", "score.bands.1.limit_fen"),
        ("limit_fen = 100000", 'limit_fen = "1000"', "score.bands.1.limit_fen"),
        ("permille = 200", "permille = 1001", "bad_debt.provisions.1.permille"),
        ("per_second = 2000", "per_second = 0", "debit.channels.0.per_second"),
        ("emergency_over_fen = 200000", "emergency_over_fen = -5", "limits.emergency_over_fen"),
        ("then_hours = 48", "then_hours = 48.0", "due.then_hours"),
        ("at = 00:30:00", "at = 1800", "debit.at"),
        ("at = 00:30:00", 'at = "00:30"', "debit.at"),
        ("effective_from = 2019-07-01 # [HZ]", "effective_from = 0", "effective_from"),
        ("adult_age = 18", "adult_age = true", "signing.adult_age"),
        ('lender = "platform"', 'lender = "The Bank"', "lender"),
        ('mode = "charge"', 'mode = "barter"', "spending.mode"),
        (
            "retry_seconds = [1, 2, 5, 10, 30, 60]",
            "retry_seconds = []",
            "restoration.retry_seconds",
        ),
        ('confirmed_by = "institution"', "confirmed_by = 1", "overdue.confirmed_by"),
        ('code = "hangzhou"', "code = 5", "code"),
    ],
)
def test_a_wrong_value_is_found_on_its_own_line(before, after, place):
    text = changed((before, after))
    line, found, _ = only(text)
    assert (line, found) == (line_of(text, after), place)


def test_a_part_of_a_list_is_found_on_the_lists_line():
    text = changed(("overdue_days = [1, 3, 7", "overdue_days = [1, -3, 7"))
    assert only(text)[:2] == (line_of(text, "overdue_days"), "reminders.overdue_days.1")


def test_an_unknown_key_is_found_on_its_line():
    text = changed(("then_hours = 48", "then_hours = 48\ngrace_hours = 2"))
    assert only(text)[:2] == (line_of(text, "grace_hours"), "due.grace_hours")


def test_an_unknown_key_in_a_row_and_an_unknown_table_are_found_on_their_lines():
    text = changed(("permille = 500", "permille = 500\nnote = 1")) + "\n[weather]\nrain = true\n"
    found = {place: line for line, place, _ in refused(text)}
    assert found == {
        "bad_debt.provisions.2.note": line_of(text, "note = 1"),
        "weather": line_of(text, "[weather]"),
    }


def test_an_unknown_kinship_is_found_on_its_line():
    text = changed(('other = ["household', 'cousin = ["household'))
    faults = refused(text)
    assert {line for line, _, _ in faults} == {line_of(text, "cousin =")}


def test_a_missing_table_and_a_missing_key_are_named():
    text = changed(("[restoration]", "# gone"), ("within_seconds = 300 ", "# "))
    text = text.replace("retry_seconds = [1, 2, 5, 10, 30, 60]", "")
    assert (1, "restoration", "Field required") in refused(text)
    text = changed(("permille = 1000", ""))
    line, place, message = only(text)
    assert (place, message) == ("bad_debt.provisions.3.permille", "Field required")
    assert line == line_of(text, "[[bad_debt.provisions]]", nth=4)


def test_all_faults_are_told_at_once():
    text = changed(
        ("adult_age = 18", "adult_age = -1"),
        ("highest = 399", "highest = 390"),
        ("limit_fen = 500000", "limit_fen = false"),
        ("then_hours = 48", "then_hours = 48\nsurprise = 1"),
        ("write_off_after_months = 12", "write_off_after_months = 0"),
    )
    found = {place for _, place, _ in refused(text)}
    assert found == {
        "signing.adult_age",
        "score.bands.3.limit_fen",
        "due.surprise",
        "bad_debt.write_off_after_months",
    }
    assert "score.bands.1" in {place for _, place, _ in refused(changed(("= 399", "= 390")))}


def test_words_in_a_text_of_several_lines_are_not_taken_for_keys():
    inside = 'zh = """\n[due]\nthen_hours = 1\n[[score.bands]]\nlimit_fen = 3\n'
    text = changed(('zh = """\n', inside), ("then_hours = 48", "then_hours = -1"))
    line, place, _ = only(text)
    assert (line, place) == (line_of(text, "then_hours = -1"), "due.then_hours")


def test_quotes_in_a_remark_open_no_text():
    text = changed(
        ("[due] # [HZ]", '# he said """\n[due] # [HZ]'), ("then_hours = 48", "then_hours = -1")
    )
    assert only(text)[0] == line_of(text, "then_hours = -1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("then_hours = 48", "then_hours = "),
        ("then_hours = 48", "then_hours = 48 hours"),
        ("[overdue]", "[overdue"),
        ("then_hours = 48", "then_hours = 48\nthen_hours = 48"),
    ],
)
def test_what_is_no_toml_is_found_on_its_line(before, after):
    text = changed((before, after))
    nth = after.count("\n") + 1
    (line, _, _) = only(text)
    assert line == line_of(text, after.splitlines()[-1], nth=nth)


def test_a_text_that_never_ends_is_found_at_the_end():
    text = TEXT + '\nnote = """never\nended'
    assert only(text)[0] == len(text.splitlines())


def test_an_empty_file_lacks_everything():
    assert {line for line, _, _ in refused("\n")} == {1}
    assert ("due") in {place for _, place, _ in refused("\n")}


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        (
            (("quiet_to = 08:00:00\n", "\n"),),
            "reminders",
            "quiet_from and quiet_to belong together",
        ),
        ((("[[consent_texts]]", "[[consent_texts_]]"),), "consent_texts", "Field required"),
    ],
)
def test_what_belongs_together_is_wanted_together(changes, place, message):
    assert (place, message) in {(where, said) for _, where, said in refused(changed(*changes))}


def test_a_consent_text_comes_once_and_two_never_begin_together():
    row = '\n[[consent_texts]]\nversion = "{}"\neffective_from = {}\nzh = "同意"\nen = "I agree"\n'
    text = TEXT + row.format("2026-01", "2027-01-01")
    assert only(text)[:2] == (line_of(text, "[[consent_texts]]", nth=2), "consent_texts.1")
    text = TEXT + row.format("2027-01", "2019-07-01")
    assert only(text)[2] == "two begin on 2019-07-01"
    scheme = parse(TEXT + row.format("2027-01", "2027-01-01"), name="x")
    assert len(scheme.consent_texts) == 2
