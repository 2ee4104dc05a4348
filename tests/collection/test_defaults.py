"""The default list: who decides, who contests, what follows of it, on the real PostgreSQL."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import builders
from tests.builders import NOW
from tests.collection.listing import (
    LATER,
    confirm,
    defaulter,
    entries_of,
    pay,
    standing,
    told,
    unpaid,
)
from yifu.collection import applying, defaults, ways_back
from yifu.collection.defaults import Asked
from yifu.collection.errors import (
    DisputeNotOpen,
    DisputeOpen,
    EntryContested,
    EntryNotDecidable,
    NotContestable,
    OwnRecognition,
)
from yifu.collection.models import Bill, DefaultEntry, Dispute, Telling
from yifu.credit import schemes, versions
from yifu.credit.models import CreditLine, Standing, StandingChange
from yifu.errors import NotFound
from yifu.ledger.models import Line
from yifu.patients.models import Notice

pytestmark = pytest.mark.django_db

LISTED = (True, False)


def contest(entry, *, now=LATER):
    return defaults.contest(
        entry.pk, person_id=entry.principal_id, by="self", reason="已付清", now=now
    )


def decide(dispute, *, upheld, by="city"):
    return defaults.decide_dispute(
        dispute.pk, institution_id=None, by=by, upheld=upheld, note="查实", now=LATER
    )


def refuse(entry):
    defaults.refuse(
        entry.pk,
        institution_id=entry.institution_id,
        by="office",
        reason="费用有争议",
        now=LATER,
    )


def state(entry):
    return DefaultEntry.objects.get(pk=entry.pk).state


# --- confirming -----------------------------------------------------------------------------------


def test_nothing_is_told_before_the_institution_confirms():
    person = defaulter()
    assert told(person) == []
    confirm(person)
    (entry,) = entries_of(person)
    assert (entry.state, entry.decided_by, entry.decided_at) == ("confirmed", "office", LATER)
    assert told(person, "insurer") == told(person, "credit_platform")
    assert told(person) == [(True, f"entry:{entry.pk} confirmed")]


def test_what_is_told_is_enqueued_with_it_for_each_party_apart_and_before_all_else():
    person = defaulter()
    confirm(person)
    jobs = ProcrastinateJob.objects.filter(task_name="collection.tell")
    numbers = set(Telling.objects.filter(person=person).values_list("pk", flat=True))
    own = [job for job in jobs if numbers & set(job.args["telling_ids"])]
    assert sorted(len(job.args["telling_ids"]) for job in own) == [1, 1]
    assert all(job.priority > 0 for job in own)


def test_a_telling_says_who_recognised_how_much_since_when():
    person = defaulter(bills=2)
    confirm(person)
    telling = Telling.objects.filter(person=person).earliest("pk")
    assert telling.content == {
        "institution": "示范市医院01",
        "amount_fen": 6000,
        "since": LATER.date().isoformat(),
    }


def test_the_person_is_told_and_told_the_way_back():
    person = defaulter()
    confirm(person)
    notice = Notice.objects.get(person=person, template="listed")
    assert notice.params["amount"] == "¥30.00"
    assert notice.params["days"] == 15
    pay(Bill.objects.get(principal=person))
    templates = set(Notice.objects.filter(person=person).values_list("template", flat=True))
    assert {"restored", "delisted"} <= templates


def test_a_second_entry_of_somebody_who_is_listed_is_not_told_again():
    person = defaulter(bills=2)
    first, second = entries_of(person)
    for entry in (first, second):
        defaults.confirm([entry.pk], institution_id=entry.institution_id, by="office", now=LATER)
    assert len(told(person)) == 1


@pytest.mark.parametrize("outcome", ["confirmed", "refused", "lifted"])
def test_what_is_decided_is_not_decided_again_and_nothing_of_the_list_is(outcome):
    decided, waiting = entries_of(defaulter(bills=2))
    DefaultEntry.objects.filter(pk=decided.pk).update(state=outcome, decided_by="x")
    with pytest.raises(EntryNotDecidable) as refusal:
        defaults.confirm(
            [waiting.pk, decided.pk], institution_id=decided.institution_id, by="y", now=LATER
        )
    assert refusal.value.facts["entry_ids"] == [decided.pk]
    with pytest.raises(EntryNotDecidable):
        refuse(decided)
    assert state(waiting) == "proposed"


def test_another_institution_finds_no_entry():
    (entry,) = entries_of(defaulter())
    other = builders.institution("H99010000002")
    with pytest.raises(NotFound):
        defaults.confirm([entry.pk], institution_id=other.pk, by="office", now=LATER)
    with pytest.raises(NotFound):
        defaults.refuse(entry.pk, institution_id=other.pk, by="office", reason="x", now=LATER)
    assert defaults.list_entries(Asked(), institution_id=other.pk) == []
    assert state(entry) == "proposed"


def test_confirming_nothing_is_nothing():
    assert defaults.confirm([], institution_id=1, by="office", now=LATER) == 0


def test_a_thousand_entries_are_confirmed_by_a_fixed_number_of_statements(
    django_assert_max_num_queries,
):
    people = [defaulter() for _ in range(5)]
    ids = [entry.pk for person in people for entry in entries_of(person)]
    with django_assert_max_num_queries(25):
        confirmed = defaults.confirm(
            ids, institution_id=builders.institution().pk, by="office", now=LATER
        )
    assert confirmed == 5
    assert all(told(person) for person in people)


def nobody_confirms() -> None:
    """A version of the scheme, approved by two, in which the scheme itself confirms."""
    text = schemes.text_of("hangzhou")
    for before, after in (
        ("effective_from = 2019-07-01 # [HZ]", "effective_from = 2026-04-01"),
        ('confirmed_by = "institution"', 'confirmed_by = "nobody"'),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    version = versions.propose(text, by="city", note="x", now=NOW)
    versions.approve(version.pk, by="city2", now=NOW)


def test_where_nobody_confirms_the_scheme_does():
    person = defaulter(bills=2)
    first, second = entries_of(person)
    assert defaults.confirm_by_scheme(area=builders.AREA, now=LATER) == 0
    contest(first)
    nobody_confirms()
    assert defaults.confirm_by_scheme(area=builders.AREA, now=LATER) == 1
    assert (state(first), state(second)) == ("proposed", "confirmed")
    assert DefaultEntry.objects.get(pk=second.pk).decided_by == "scheme:hangzhou"
    assert told(person)[-1][0] is True


# --- refusing -------------------------------------------------------------------------------------


def test_a_refused_entry_leaves_its_principal_suspended():
    person = defaulter()
    (entry,) = entries_of(person)
    refuse(entry)
    assert (state(entry), standing(person)) == ("refused", Standing.SUSPENDED)
    change = StandingChange.objects.get(credit_line__person=person)
    assert (change.before, change.after, change.reason, change.rule, change.at) == (
        *("defaulted", "suspended"),
        f"entry:{entry.pk} refused",
        "P4.4",
        LATER,
    )
    assert told(person) == []


def test_one_refused_of_two_leaves_its_principal_defaulted():
    person = defaulter(bills=2)
    first, _ = entries_of(person)
    refuse(first)
    assert standing(person) == Standing.DEFAULTED


def test_refusing_upholds_what_is_contested():
    (entry,) = entries_of(defaulter())
    dispute = contest(entry)
    refuse(entry)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.note) == ("upheld", "费用有争议")


# --- disputes -------------------------------------------------------------------------------------


def test_while_contested_nothing_is_confirmed_or_told():
    person = defaulter()
    (entry,) = entries_of(person)
    contest(entry)
    with pytest.raises(EntryContested):
        confirm(person)
    assert told(person) == []


def test_contesting_calls_back_what_was_told():
    person = defaulter()
    confirm(person)
    dispute = contest(entries_of(person)[0])
    assert told(person)[-1] == (False, f"dispute:{dispute.pk} opened")
    assert standing(person) == Standing.DEFAULTED, "the bill is still unpaid"


def test_contesting_one_of_two_entries_leaves_the_person_listed():
    person = defaulter(bills=2)
    confirm(person)
    contest(entries_of(person)[0])
    assert len(told(person)) == 1


def test_a_rejected_dispute_is_told_again():
    person = defaulter()
    confirm(person)
    dispute = decide(contest(entries_of(person)[0]), upheld=False)
    assert told(person)[-1] == (True, f"dispute:{dispute.pk} rejected")
    assert standing(person) == Standing.DEFAULTED


def test_an_upheld_dispute_undoes_its_entry():
    person = defaulter()
    confirm(person)
    (entry,) = entries_of(person)
    dispute = decide(contest(entry), upheld=True)
    entry.refresh_from_db()
    assert (entry.state, entry.reason, entry.lifted_at) == (
        "lifted",
        f"dispute:{dispute.pk} upheld",
        LATER,
    )
    assert standing(person) == Standing.SUSPENDED
    assert [listed for listed, _ in told(person)] == [True, False]


def test_a_dispute_may_be_taken_back():
    person = defaulter()
    confirm(person)
    dispute = contest(entries_of(person)[0])
    defaults.withdraw_dispute(dispute.pk, person_id=person.pk, by="self", now=LATER)
    assert told(person)[-1] == (True, f"dispute:{dispute.pk} withdrawn")
    with pytest.raises(DisputeNotOpen):
        decide(dispute, upheld=True)


def test_who_recognised_an_entry_does_not_decide_about_its_dispute():
    person = defaulter()
    confirm(person)
    dispute = contest(entries_of(person)[0])
    with pytest.raises(OwnRecognition):
        decide(dispute, upheld=False, by="office")
    assert Dispute.objects.get(pk=dispute.pk).state == "open"


def test_only_the_own_entry_can_be_contested_and_once_at_a_time():
    (entry,) = entries_of(defaulter())
    with pytest.raises(NotFound):
        defaults.contest(entry.pk, person_id=builders.person().pk, by="x", reason="x", now=LATER)
    contest(entry)
    with pytest.raises(DisputeOpen):
        contest(entry)


def test_after_the_schemes_days_an_entry_cannot_be_contested():
    person = defaulter()
    confirm(person)
    (entry,) = entries_of(person)
    with pytest.raises(NotContestable):
        contest(entry, now=LATER + timedelta(days=15, seconds=1))
    contest(entry, now=LATER + timedelta(days=15))


def test_what_is_lifted_cannot_be_contested():
    person = defaulter()
    pay(Bill.objects.get(principal=person))
    with pytest.raises(NotContestable):
        contest(entries_of(person)[0])


# --- paying ---------------------------------------------------------------------------------------


def test_paying_lifts_restores_and_tells_in_the_paying_transaction():
    person = defaulter()
    confirm(person)
    bill = Bill.objects.get(principal=person)
    pay(bill)
    (entry,) = entries_of(person)
    assert (entry.state, entry.reason, entry.lifted_at) == ("lifted", f"bill:{bill.pk} paid", LATER)
    assert standing(person) == Standing.GOOD
    assert [listed for listed, _ in told(person)] == [True, False]
    assert told(person)[-1] == (False, f"bill:{bill.pk} paid")


def test_paying_the_defaulted_bill_alone_delists_but_does_not_restore():
    person = defaulter()
    overdue = unpaid(person, line=Line.objects.get(creditline__person=person), entry=False)
    confirm(person)
    pay(Bill.objects.get(principal=person, state="defaulted"))
    assert standing(person) == Standing.SUSPENDED
    assert told(person)[-1][0] is False
    pay(overdue)
    assert standing(person) == Standing.GOOD
    assert len(told(person)) == 2


def test_paying_one_of_two_defaulted_bills_changes_nothing_outside():
    person = defaulter(bills=2)
    confirm(person)
    first, second = Bill.objects.filter(principal=person).order_by("pk")
    pay(first)
    assert (standing(person), len(told(person))) == (Standing.DEFAULTED, 1)
    pay(second)
    assert (standing(person), told(person)[-1][0]) == (Standing.GOOD, False)


def test_paying_before_the_confirmation_leaves_nothing_to_confirm_or_tell():
    person = defaulter()
    pay(Bill.objects.get(principal=person))
    (entry,) = entries_of(person)
    assert entry.state == "lifted"
    assert told(person) == []
    with pytest.raises(EntryNotDecidable):
        defaults.confirm([entry.pk], institution_id=entry.institution_id, by="x", now=LATER)


def test_what_is_paid_while_contested_stays_lifted_however_the_dispute_ends():
    person = defaulter()
    confirm(person)
    (entry,) = entries_of(person)
    dispute = contest(entry)
    pay(Bill.objects.get(principal=person))
    assert len(told(person)) == 2
    decide(dispute, upheld=False)
    assert (state(entry), standing(person), len(told(person))) == ("lifted", Standing.GOOD, 2)


def test_thousands_are_restored_by_a_fixed_number_of_statements(django_assert_max_num_queries):
    people = [defaulter() for _ in range(6)]
    for person in people:
        confirm(person)
    Bill.objects.filter(principal__in=people).update(state="paid", paid_fen=3000)
    reasons = {person.pk: "bill:1 paid" for person in people}
    with django_assert_max_num_queries(20):
        assert applying.restore_standing(reasons, now=LATER) == 6
    assert {standing(person) for person in people} == {Standing.GOOD}
    assert {told(person)[-1][0] for person in people} == {False}


def test_who_has_no_line_is_delisted_all_the_same():
    person = builders.person()
    bill = unpaid(person)
    confirm(person)
    pay(bill)
    assert [listed for listed, _ in told(person)] == [True, False]


def test_a_standing_is_never_made_worse_by_paying():
    person = defaulter(bills=2)
    CreditLine.objects.filter(person=person).update(standing=Standing.SUSPENDED)
    pay(Bill.objects.filter(principal=person).earliest("pk"))
    assert standing(person) == Standing.SUSPENDED


# --- looking --------------------------------------------------------------------------------------


def test_entries_are_found_by_what_is_asked():
    person = defaulter(bills=2)
    first, second = entries_of(person)
    hospital = first.institution_id
    defaults.confirm([first.pk], institution_id=hospital, by="office", now=LATER)
    contest(second)

    def found(**asked):
        return [one.pk for one in defaults.list_entries(Asked(**asked), institution_id=hospital)]

    assert found() == [first.pk, second.pk]
    assert found(states=["proposed"]) == [second.pk]
    assert found(contested=True) == [second.pk]
    assert found(contested=False) == [first.pk]
    assert found(principal_id=person.pk + 1) == []
    assert found(proposed_from=LATER.date()) == [first.pk, second.pk]
    assert found(proposed_to=LATER.date() - timedelta(days=1)) == []
    page = defaults.list_entries(Asked(), area=builders.AREA, after_id=first.pk, limit=1)
    assert [one.pk for one in page] == [second.pk]
    assert defaults.count_entries(Asked(states=["confirmed"]), area=builders.AREA) == 1
    with pytest.raises(ValueError, match="institution or an area"):
        defaults.list_entries(Asked())


def test_a_persons_standing_has_reasons_and_a_way_back():
    person = defaulter()
    CreditLine.objects.filter(person=person).update(standing_since=NOW)
    confirm(person)
    (entry,) = entries_of(person)
    known = ways_back.standing_of(person.pk, now=LATER)
    assert (known.standing, known.owed_fen) == (Standing.DEFAULTED, 3000)
    effects = {effect.code: effect for effect in known.effects}
    assert set(effects) == {"defaulted", "listed", "insurance_stopped"}
    assert effects["listed"].reason == f"entry:{entry.pk} confirmed"
    assert effects["listed"].since == LATER
    ways = {way.code: way for way in known.ways_back}
    assert ways["pay"].amount_fen == 3000
    assert (ways["contest"].entry_id, ways["contest"].until) == (
        entry.pk,
        LATER + timedelta(days=15),
    )
    contest(entry)
    known = ways_back.standing_of(person.pk, now=LATER)
    assert {way.code for way in known.ways_back} == {"pay", "dispute_decides"}


def test_who_has_paid_has_nothing_against_them_and_sees_who_is_being_told():
    person = defaulter()
    confirm(person)
    pay(Bill.objects.get(principal=person))
    known = ways_back.standing_of(person.pk, now=LATER)
    assert (known.standing, known.effects, known.ways_back) == (Standing.GOOD, (), ())
    assert {telling.party for telling in known.returning} == {"credit_platform", "insurer"}


def test_nobody_has_no_standing():
    with pytest.raises(NotFound):
        ways_back.standing_of(0, now=LATER)
