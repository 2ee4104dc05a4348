"""Any history of settling and undoing, whatever the order, leaves the books as they were.

The office is asked directly, without a gateway in between, so that many histories fit in a second.
"""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from counterparts.insurer.books import USES, Books
from counterparts.insurer.catalogue import item_of
from counterparts.insurer.furnishing import furnish
from counterparts.insurer.office import Office
from counterparts.insurer.policies import load_policy
from counterparts.insurer.records import Institution, Person
from counterparts.insurer.service import Arrival, Desk
from tests.counterparts.insurer.conftest import (
    AREA,
    CATALOGUE,
    CODE,
    KEYS,
    Hospital,
    description,
    settling,
)
from tests.counterparts.insurer.staying import (
    adds_up,
    admit,
    charge,
    charges,
    leave,
    purchase,
    reversal,
    someone,
    undoing,
    whole_stay,
)
from tests.counterparts.insurer.staying import settling as settling_stay

DISEASE = "M03900"
YEAR = 2026


class Direct(Hospital):
    """A hospital that stands in the insurer's office."""

    def __init__(self, city):
        super().__init__(insurer=None)
        self.repeats = 1
        self.office = Office(
            books=Books(":memory:"),
            policy=load_policy(city),
            catalogue={row["national_code"]: item_of(row) for row in map(_texts, CATALOGUE)},
            admdvs=AREA,
        )
        self.desk = Desk(self.office)
        self.institution = Institution(
            fixmedins_code=CODE, fixmedins_name="示范市第一人民医院", hosp_lv="2", **KEYS
        )

    def post(self, infno, body, **_headers):
        wired = orjson.loads(orjson.dumps(body))
        arrival = Arrival(institution=self.institution, api_name=infno, body=wired)
        answers = [self.desk.answer(arrival).content for _ in range(self.repeats)]
        return _Answer(answers[-1])

    def insure(self, told):
        """Write a person as the switchboard would."""
        columns = {
            "psn_cert_type": "01", "naty": "1", "psn_insu_stas": "1", "cvlserv_flag": "0",
            "insuplc_admdvs": AREA, "emp_name": "", "psn_idet_types": "",
        }  # fmt: skip
        names = Person.__dataclass_fields__
        person = Person(**columns | {key: told[key] for key in told if key in names})
        self.office.books.put_persons([person])
        furnish(self.office.books, person, told)

    def state(self, *persons):
        """Return the accounts of persons and what the year has used up of each."""
        books = self.office.books
        held = [one for told in persons if (one := books.person(told["psn_no"]))]
        used = [books.year_of(one.psn_no, one.insutype, YEAR) for one in held]
        accounts = [(one.balc_fen, one.current_fen) for one in held]
        return accounts, [tuple(getattr(one, name) for name in USES) for one in used]


class _Answer:
    status_code = 200

    def __init__(self, content):
        self.text = content.decode()

    def json(self):
        return orjson.loads(self.text)


def _texts(row):
    return {name: str(value) for name, value in row.items()}


def lines_of(fens):
    """Return charges of the four kinds of item that the catalogue knows, in yuan."""
    codes = ("A1", "B1", "C1", "CAP")
    return [
        (at + 1, codes[at % len(codes)], 1, fen / 100, fen / 100) for at, fen in enumerate(fens)
    ]


def settle(hospital, person, number, kind, fens, used):
    """Settle charges as one kind of visit; return the undoing transaction and ``setlinfo``."""
    lines = lines_of(fens)
    if kind == "stay":
        return "2305", whole_stay(hospital, person, number, lines, acct_used_flag=used)[1]
    if kind == "pharmacy":
        return "2103", hospital.ok("2102", purchase(person, lines, acct_used_flag=used))["setlinfo"]
    med_type = "14" if kind == "chronic" else "11"
    mdtrt_id = hospital.register(person, number)
    told = description(person, mdtrt_id, med_type)
    told["mdtrtinfo"]["dise_codg"] = DISEASE
    hospital.ok("2203", told)
    results = hospital.upload(person, mdtrt_id, "1", lines)
    more = {"acct_used_flag": used, "med_type": med_type}
    asked = settling(person, mdtrt_id, "1", results, **more)
    return "2208", hospital.ok("2207", asked)["setlinfo"]


SETTLED_BY = {"2305": "2304", "2103": "2102", "2208": "2207"}
cities = st.sampled_from(["hangzhou", "shanghai"])
kinds = st.sampled_from(["visit", "chronic", "stay", "pharmacy"])
amounts = st.lists(st.integers(0, 3_000_000), min_size=1, max_size=4).filter(any)
steps = st.lists(
    st.tuples(st.integers(0, 1), kinds, amounts, st.sampled_from("012")), min_size=1, max_size=6
)


def family_of(hospital):
    """Insure an employee and a resident who may use the employee's account."""
    one = someone(1, balc_fen=40_000, current_fen=20_000, chronic=[DISEASE])
    two = someone(
        2, psn_type="15", insutype="390", chronic=[DISEASE], family_payers=[one["psn_no"]]
    )
    one |= {"family_payers": [two["psn_no"]]}
    for person in (one, two):
        hospital.insure(person)
    return one, two


@settings(max_examples=40)
@given(cities, steps, st.data())
def test_whatever_was_settled_can_be_undone_in_any_order(city, history, data):
    hospital = Direct(city)
    family = family_of(hospital)
    before = hospital.state(*family)
    made = []
    for at, (who, kind, fens, used) in enumerate(history):
        person = family[who]
        infno, setlinfo = settle(hospital, person, f"N{at}", kind, fens, used)
        adds_up(setlinfo)
        made.append((person, infno, setlinfo))
    for person, infno, setlinfo in data.draw(st.permutations(made)):
        if data.draw(st.booleans()):
            hospital.ok(infno, undoing(person, setlinfo))
        else:
            told = reversal(person, setlinfo["medins_setl_id"], SETTLED_BY[infno])
            hospital.ok("2601", told)
    assert hospital.state(*family) == before
    hospital.office.books.close()


@settings(max_examples=25)
@given(cities, steps)
def test_a_message_sent_twice_has_one_effect(city, history):
    once, twice = Direct(city), Direct(city)
    twice.repeats = 2
    for hospital in (once, twice):
        family = family_of(hospital)
        for at, (who, kind, fens, used) in enumerate(history):
            settle(hospital, family[who], f"N{at}", kind, fens, used)
    assert once.state(*family) == twice.state(*family)
    for hospital in (once, twice):
        hospital.office.books.close()


@settings(max_examples=40)
@given(
    st.integers(1, 500),
    st.integers(1, 40_000),
    st.sampled_from(["A1", "B1", "C1", "CAP"]),
    st.lists(st.integers(1, 500), max_size=8),
)
def test_charges_and_their_refunds_never_leave_less_than_nothing(cnt, fen, code, back):
    hospital = Direct("hangzhou")
    person, _ = family_of(hospital)
    mdtrt_id = admit(hospital, person, "I1")
    price = fen / 100
    results = charge(hospital, person, mdtrt_id, [(1, code, cnt, price, cnt * fen / 100)])
    left = cnt
    for at, many in enumerate(back):
        line = (at + 2, code, -many, price, -many * fen / 100, 1)
        if many <= left:
            results += charge(hospital, person, mdtrt_id, [line])
            left -= many
        else:
            assert "超过" in hospital.error("2301", charges(person, mdtrt_id, [line]))
    for name in ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"):
        total = sum(result[name] for result in results)
        assert total >= 0
        assert total == 0 or left
    leave(hospital, person, mdtrt_id)
    told = hospital.ok("2304", settling_stay(person, mdtrt_id, results))["setlinfo"]
    adds_up(told)
    assert told["medfee_sumamt"] * 100 == left * fen
    hospital.office.books.close()
