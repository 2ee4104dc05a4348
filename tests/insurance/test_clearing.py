"""How a visit is cleared: by its kind, by its med_type, and for persons insured elsewhere."""

import pytest

from yifu.insurance.clearing import clearing_of, read_clearing
from yifu.visits.models import VisitKind

TEXT = """
[default]
ask = ["11"]
outpatient = "11"
other = "99"
[areas.990200]
ask = ["11", "21"]
insutypes = ["310"]
outpatient = "11"
inpatient = "21"
other = "99"
[areas.990200.cross_area]
outpatient = "99963"
[areas.990300]
outpatient = "11"
"""


def clr_type(kind, *, med_type="", insured_area="990100"):
    return clearing_of("990100").clr_type(kind, med_type=med_type, insured_area=insured_area)


def test_every_kind_of_visit_is_cleared_and_asked_for():
    codes = {clr_type(kind) for kind in VisitKind.values}
    assert codes == {"11", "13", "21", "41"}
    assert codes < set(clearing_of("990100").ask)


def test_a_visits_own_kind_of_care_counts_first():
    assert clr_type("outpatient", med_type="14") == "14"
    assert clr_type("outpatient", med_type="11") == "11"
    assert clr_type("something new") == "99"


def test_an_area_may_clear_persons_insured_elsewhere_by_codes_of_their_own():
    area = read_clearing(TEXT, area="990200")
    at_home = area.clr_type("outpatient", med_type="", insured_area="990200")
    elsewhere = area.clr_type("outpatient", med_type="", insured_area="110100")
    assert (at_home, elsewhere) == ("11", "99963")
    assert area.clr_type("inpatient", med_type="", insured_area="110100") == "21"
    assert (
        read_clearing(TEXT, area="990400").clr_type(
            "outpatient", med_type="", insured_area="110100"
        )
        == "11"
    )


def test_a_table_that_lacks_a_code_for_the_rest_is_refused():
    with pytest.raises(KeyError, match="other"):
        read_clearing(TEXT, area="990300")
