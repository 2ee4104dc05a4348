"""What a scheme's values decide, for all scores, ages, chains and days."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from yifu.credit import schemes
from yifu.credit.schemes.scheme import (
    BadDebt,
    Channel,
    ConsentText,
    Debit,
    Provision,
    Score,
    ScoreBand,
    newest,
)


@st.composite
def scores(draw) -> Score:
    """Bands without gaps whose limits never fall."""
    edges = sorted(draw(st.sets(st.integers(1, 1000), min_size=1, max_size=6)))
    limits = sorted(draw(st.lists(st.integers(0, 10**9), min_size=len(edges), max_size=len(edges))))
    lowest = [0, *(edge + 1 for edge in edges[:-1])]
    rows = zip(lowest, edges, limits, strict=True)
    return Score(
        dimensions=("life",),
        valid_months=1,
        unscored_limit_fen=draw(st.integers(0, 10**9)),
        bands=tuple(ScoreBand(lowest=low, highest=high, limit_fen=fen) for low, high, fen in rows),
    )


@given(scores(), st.integers(-100, 2000))
def test_every_score_has_the_limit_of_its_band_or_of_the_nearest(score, points):
    limit_fen = score.limit_fen(points)
    inside = [band for band in score.bands if band.lowest <= points <= band.highest]
    if inside:
        assert [band.limit_fen for band in inside] == [limit_fen]
    elif points < 0:
        assert limit_fen == score.bands[0].limit_fen
    else:
        assert limit_fen == score.bands[-1].limit_fen


@given(scores(), st.integers(-100, 2000), st.integers(0, 500))
def test_a_better_score_never_gives_less(score, points, more):
    assert score.limit_fen(points) <= score.limit_fen(points + more)


@given(scores())
def test_who_has_no_score_gets_what_the_scheme_says(score):
    assert score.limit_fen(None) == score.unscored_limit_fen


@st.composite
def bad_debts(draw) -> BadDebt:
    edges = sorted(draw(st.sets(st.integers(1, 2000), max_size=6)))
    starts = [0, *edges]
    ends: list[int | None] = [edge - 1 for edge in edges]
    permilles = draw(st.lists(st.integers(0, 1000), min_size=len(starts), max_size=len(starts)))
    rows = zip(starts, [*ends, None], permilles, strict=True)
    return BadDebt(
        provisions=tuple(
            Provision(from_days=start, to_days=end, permille=share) for start, end, share in rows
        ),
        write_off_after_months=12,
        otherwise="treasury.city",
        bearers={"示范区": "treasury.shifan"},
    )


@given(bad_debts(), st.integers(-50, 3000))
def test_every_age_has_exactly_one_share(bad_debt, age):
    counted = max(age, 0)
    inside = [
        row.permille
        for row in bad_debt.provisions
        if row.from_days <= counted and (row.to_days is None or counted <= row.to_days)
    ]
    assert inside == [bad_debt.permille(age_days=age)]


@given(bad_debts(), st.text(max_size=5))
def test_every_district_has_one_who_bears(bad_debt, district):
    named = {"示范区": "treasury.shifan"}.get(district, "treasury.city")
    assert bad_debt.bearer(district) == named


NAMES = st.lists(
    st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), unique=True, min_size=1, max_size=6
)


def debit(first: str | None, rows: list[tuple[str, str | None]]) -> Debit:
    channels = tuple(Channel(channel=name, then=then) for name, then in rows)
    return Debit(at=time(0, 30), first=first, channels=channels, daily_limit_fen=1)


@given(NAMES, st.randoms(use_true_random=False))
def test_a_chain_is_followed_in_its_order_however_the_rows_stand(names, random):
    rows = list(zip(names, [*names[1:], None], strict=True))
    random.shuffle(rows)
    assert debit(names[0], rows).chain == tuple(names)


@given(NAMES, st.data())
def test_a_chain_never_comes_back_to_where_it_was(names, data):
    """Wherever the last channel points to, it is refused."""
    back = data.draw(st.sampled_from(names))
    rows = list(zip(names, [*names[1:], back], strict=True))
    with pytest.raises(ValidationError, match="comes back"):
        debit(names[0], rows)


@given(NAMES, st.data())
def test_a_channel_that_nothing_leads_to_is_refused(names, data):
    rows = list(zip(names, [*names[1:], None], strict=True))
    first = data.draw(st.sampled_from([None, *names[1:]]))
    with pytest.raises(ValidationError, match="nothing leads to"):
        debit(first, rows)


def test_without_channels_there_is_no_chain():
    assert debit(None, []).chain == ()


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.sets(st.integers(1, 31), max_size=4))
def test_a_night_debits_on_the_named_days_and_never_on_the_excepted(day, days):
    rows = Debit(
        at=time(0, 30), daily_limit_fen=1, days_of_month=tuple(sorted(days)), not_on=(day,)
    )
    assert not rows.debits_on(day)
    other = day + timedelta(days=1)
    assert rows.debits_on(other) == (not days or other.day in days)


@given(st.sets(st.integers(0, 3000), min_size=1, max_size=5), st.integers(-10, 3010))
def test_the_text_that_is_shown_is_the_newest_that_has_begun(days, today):
    start = date(2020, 1, 1)
    texts = [
        ConsentText(
            version=f"v{day}", effective_from=start + timedelta(days=day), zh="同意", en="yes"
        )
        for day in days
    ]
    shown = newest(texts, on=start + timedelta(days=today))
    begun = [day for day in days if day <= today]
    assert shown.version == f"v{max(begun) if begun else min(days)}"


def test_a_text_may_be_agreed_to_from_its_day_on():
    scheme = schemes.load("hangzhou")
    (text,) = scheme.consent_texts
    assert scheme.consent_text(text.version, on=text.effective_from) == text
    assert scheme.consent_text(text.version, on=text.effective_from - timedelta(days=1)) is None
    assert scheme.consent_text("unknown", on=date(2030, 1, 1)) is None
    assert scheme.current_text(on=date(1990, 1, 1)) == text
