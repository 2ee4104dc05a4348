from yifu.credit.models import CreditLine
from yifu.ledger import services as ledger
from yifu.settlement.models import Settlement


def line_of(person):
    return CreditLine.objects.select_related("line").get(person=person).line


def test_an_employees_visit_goes_on_the_credit_line(world):
    person = world.person(balance_fen=400)
    world.sign(person)
    outcome = world.settle(world.visit(person))
    body = outcome.body
    assert outcome.status == 201, body
    assert body["state"] == "completed"
    assert body["method"] == "credit"
    assert body["total_fen"] == 1500 == body["fund_fen"] + body["account_fen"] + body["personal_fen"]
    assert body["account_fen"] == 400
    assert line_of(person).owed_fen == body["personal_fen"] == body["bill"]["amount_fen"]
    assert ledger.verify().balanced
    assert world.their_books()["settlements"][-1]["setl_id"] == body["insurer"]["setl_id"]
    assert Settlement.objects.get().msgid == body["insurer"]["msgid"]
