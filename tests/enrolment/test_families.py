"""Who pays for whom: by proof, within bounds, never in a circle (P1.4, P1.5, P2.7)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import builders
from tests.builders import NOW
from tests.enrolment.conftest import PHONE, WINDOW, agreed, ended, line_of, payer_of
from yifu.credit.models import LimitChange, Share
from yifu.enrolment import errors, services
from yifu.enrolment.services import Move
from yifu.errors import NotFound
from yifu.institutions.models import Area
from yifu.ledger import services as ledger
from yifu.patients.errors import DependantTaken
from yifu.patients.models import Dependant
from yifu.patients.services import Proof
from yifu.secrets import decrypt


def kin(who, of, **changes):
    return replace(builders.dependant(who, of=of), **changes)


def share_line(who):
    return (
        Share.objects.select_related("line")
        .get(dependant__person=who, dependant__ended_at__isnull=True)
        .line
    )


def test_a_proof_is_kept_and_its_number_hidden(family):
    contract = family.sign(family.mother).contract
    proof = Proof("birth_certificate", "B2015-001", "窗口 003")
    services.add(contract.pk, kin(family.child, family.mother, proof=proof), now=NOW)
    kept = Dependant.objects.get()
    assert (kept.proof, kept.proof_seen_by) == ("birth_certificate", "窗口 003")
    assert kept.proof_cipher is not None
    assert decrypt(kept.proof_cipher) == "B2015-001"
    assert b"B2015" not in bytes(kept.proof_cipher)
    assert payer_of(family.child) == family.mother.pk


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"proof": None}, errors.ProofMissing),
        ({"proof": Proof("marriage_certificate", "1", "x")}, errors.ProofNotAccepted),
        ({"kinship": "landlord"}, errors.KinshipNotAllowed),
        ({"kinship": "parent"}, errors.KinshipImpossible),
        ({"kinship": "spouse"}, errors.KinshipImpossible),
    ],
)
def test_nobody_is_added_without_a_fitting_proof(family, changes, error):
    contract = family.sign(family.mother).contract
    with pytest.raises(error):
        services.add(contract.pk, kin(family.child, family.mother, **changes), now=NOW)
    assert not Dependant.objects.exists()


def test_an_older_person_is_no_child(family):
    contract = family.sign(family.mother).contract
    older = kin(family.father, family.mother, kinship="child")
    with pytest.raises(errors.KinshipImpossible):
        services.add(contract.pk, older, now=NOW)


def test_a_child_may_pay_for_a_parent_who_agrees(family):
    contract = family.sign(family.mother).contract
    grandfather = builders.person(born="1955-01-01")
    services.add(
        contract.pk,
        kin(grandfather, family.mother, kinship="parent", agreement=WINDOW),
        now=NOW,
    )
    assert agreed(contract)[-1] == (grandfather.pk, "zh", "window", "窗口 003")


def test_a_principal_pays_for_so_many_at_most(family):
    contract = family.sign(family.mother).contract
    Area.objects.update(scheme="hangzhou")
    for _ in range(8):
        child = builders.person(born="2016-01-01")
        services.add(contract.pk, kin(child, family.mother), now=NOW)
    with pytest.raises(errors.TooManyDependants):
        services.add(contract.pk, kin(family.child, family.mother), now=NOW)


def test_nobody_has_two_principals(family):
    first, second = (family.sign(one).contract for one in (family.mother, family.father))
    services.add(first.pk, kin(family.child, family.mother), now=NOW)
    with pytest.raises(DependantTaken):
        services.add(second.pk, kin(family.child, family.father), now=NOW)


def test_a_line_is_not_shared_in_a_circle(family):
    mothers, fathers = (family.sign(one).contract for one in (family.mother, family.father))
    services.add(mothers.pk, kin(family.father, family.mother, kinship="other"), now=NOW)
    third = builders.person(born="1990-01-01")
    thirds = family.sign(third).contract
    for contract, dependant, of in (
        (fathers, family.mother, family.father),  # straight back
        (fathers, third, family.father),  # who is paid for pays for nobody
        (thirds, family.mother, third),  # who pays is not paid for
    ):
        with pytest.raises(errors.FamilyCircle):
            services.add(contract.pk, kin(dependant, of, kinship="other"), now=NOW)
    assert Dependant.objects.count() == 1


@pytest.mark.parametrize(("asked", "given"), [(None, 50_000), (20_000, 20_000)])
def test_a_sub_limit_is_the_chosen_one_or_the_schemes(family, asked, given):
    Area.objects.update(scheme="wenzhou")
    contract = family.sign(family.mother, scheme="wenzhou").contract
    services.add(contract.pk, kin(family.child, family.mother, limit_fen=asked), now=NOW)
    assert share_line(family.child).limit_fen == given


def test_a_sub_limit_has_a_bound(family):
    Area.objects.update(scheme="shanghai")
    contract = family.sign(family.mother, scheme="shanghai", funding="bank").contract
    with pytest.raises(errors.SubLimitTooHigh):
        services.add(contract.pk, kin(family.child, family.mother, limit_fen=300_001), now=NOW)
    services.add(contract.pk, kin(family.child, family.mother), now=NOW)
    with pytest.raises(errors.SubLimitTooHigh):
        services.set_sub_limit(contract.pk, family.child.pk, limit_fen=300_001, now=NOW)
    assert share_line(family.child).limit_fen == 300_000


def test_a_sub_limit_is_changed_with_its_reason(family):
    contract = family.sign(
        family.mother, kin(family.child, family.mother, limit_fen=20_000)
    ).contract
    services.set_sub_limit(contract.pk, family.child.pk, limit_fen=5_000, now=NOW)
    change = LimitChange.objects.get()
    assert (change.before_fen, change.after_fen, change.rule) == (20_000, 5_000, "P2.7")
    assert Dependant.objects.get().limit_fen == share_line(family.child).limit_fen == 5_000


def test_who_had_the_whole_line_gets_a_part_of_it(family):
    contract = family.sign(family.mother, kin(family.child, family.mother)).contract
    services.set_sub_limit(contract.pk, family.child.pk, limit_fen=5_000, now=NOW)
    line = share_line(family.child)
    assert (line.limit_fen, line.parent_id) == (5_000, line_of(contract).pk)


def test_who_is_removed_leaves_the_bills_and_takes_no_room(family):
    enrolled = family.sign(family.mother, kin(family.child, family.mother, limit_fen=20_000))
    line = share_line(family.child)
    bill = builders.bill(family.mother, 3_000, line=line, patient=family.child)
    services.remove(enrolled.contract.pk, family.child.pk, now=NOW)
    line.refresh_from_db()
    bill.refresh_from_db()
    assert payer_of(family.child) is None
    assert (line.limit_fen, line.owed_fen) == (0, 3_000)
    assert (bill.principal_id, bill.state) == (family.mother.pk, "open")
    assert ledger.verify().balanced
    with pytest.raises(NotFound):
        services.remove(enrolled.contract.pk, family.child.pk, now=NOW)


def moving(family, to, **changes):
    joining = kin(family.child, family.father, **changes)
    return Move(to_contract_id=to.pk, joining=joining, giving=PHONE, taking=PHONE)


def test_a_child_changes_principal_without_a_gap(family):
    old = family.sign(family.mother, kin(family.child, family.mother)).contract
    new = family.sign(family.father).contract
    bill = builders.bill(family.mother, 3_000, line=line_of(old), patient=family.child)
    later = NOW + timedelta(hours=1)
    services.move(old.pk, family.child.pk, moving(family, new), now=later)
    before, after = Dependant.objects.order_by("pk")
    assert before.ended_at == after.since == later
    assert ended(family.child) == ["moved", ""]
    assert payer_of(family.child) == family.father.pk
    assert (agreed(old)[-1][0], agreed(new)[-1][0]) == (family.mother.pk, family.father.pk)
    bill.refresh_from_db()
    assert bill.principal_id == family.mother.pk


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"proof": None}, errors.ProofMissing),
        ({"limit_fen": 1, "kinship": "parent"}, errors.KinshipImpossible),
    ],
)
def test_a_move_that_is_refused_leaves_the_old_principal(family, changes, error):
    old = family.sign(family.mother, kin(family.child, family.mother)).contract
    new = family.sign(family.father).contract
    with pytest.raises(error):
        services.move(old.pk, family.child.pk, moving(family, new, **changes), now=NOW)
    assert payer_of(family.child) == family.mother.pk
    assert ended(family.child) == [""]


def test_a_move_goes_from_one_principal_to_another(family):
    old = family.sign(family.mother, kin(family.child, family.mother)).contract
    with pytest.raises(errors.SamePrincipal):
        services.move(old.pk, family.child.pk, moving(family, old), now=NOW)


def test_nothing_joins_a_closed_contract(family):
    contract = family.sign(family.mother).contract
    services.close(contract.pk, now=NOW)
    with pytest.raises(errors.ContractClosed):
        services.add(contract.pk, kin(family.child, family.mother), now=NOW)
