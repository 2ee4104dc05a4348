"""`yifu scheme`: files are checked, versions proposed and approved, changes compared."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests import builders
from tests.collection.test_services import line_of
from yifu import clock
from yifu.commands.scheme import scheme as command
from yifu.credit import schemes
from yifu.credit.errors import SchemeSamePerson
from yifu.credit.models import SchemeVersion
from yifu.insight.models import WhatIf

pytestmark = pytest.mark.django_db

TEXT = schemes.text_of("hangzhou")
SHIPPED = Path(schemes.__file__).parent


def run(*words: object, code: int = 0):
    done = CliRunner().invoke(command, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def said(*words: object, code: int = 0) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run(*words, "--json", code=code).stdout)
    return report


@pytest.fixture
def tomorrow():
    return clock.business_date(clock.now()) + timedelta(days=1)


@pytest.fixture
def changed(tmp_path, tomorrow):
    """A scheme with a day less of grace, from tomorrow on."""
    file = tmp_path / "changed.toml"
    text = TEXT.replace("2019-07-01 # [HZ]", f"{tomorrow}").replace("= 48", "= 24")
    file.write_text(text, encoding="utf-8")
    return file


def proposed(file):
    return said("propose", file, "--by", "ding", "--note", "shorter")["id"]


@pytest.mark.parametrize("code", schemes.SHIPPED)
def test_a_shipped_file_is_in_order(code):
    assert code in run("check", SHIPPED / f"{code}.toml").output
    assert said("check", SHIPPED / f"{code}.toml") == {"faults": [], "code": code}


def test_a_bad_file_ends_with_1_and_a_line_for_each_fault(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(TEXT.replace("= 48", "= -1").replace("per_second = 2000", "speed = 1"))
    done = run("check", file, code=1)
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["bad.toml"] * len(lines)
    assert len(lines) == 2
    assert said("check", file, code=1)["faults"] == lines
    words = ("--by", "ding", "--note", "x")
    assert run("propose", file, *words, code=1).stderr.splitlines() == lines
    months = ("--from", "2026-01", "--to", "2026-02")
    assert run("compare", "--with", file, *months, code=1).stderr.splitlines() == lines
    assert not SchemeVersion.objects.exists()


def test_a_file_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in run("check", file, code=1).stderr


def test_two_people_let_a_version_come_into_force(changed, tomorrow):
    number = proposed(changed)
    done = CliRunner().invoke(command, ["approve", str(number), "--by", "ding"])
    assert isinstance(done.exception, SchemeSamePerson)
    assert said("approve", number, "--by", "wang")["state"] == "approved"
    shown = said("show", "hangzhou", "--on", tomorrow)
    assert (shown["version"], shown["scheme"]["due"]["then_hours"]) == (number, 24)
    assert said("show", "hangzhou", "--on", "2026-01-01")["version"] is None
    assert run("show", "hangzhou", "--on", tomorrow).output.strip() == changed.read_text().strip()
    assert said("withdraw", number, "--by", "li")["state"] == "withdrawn"
    assert said("show", "hangzhou", "--on", tomorrow)["version"] is None


def test_a_refused_version_says_why_in_the_list(changed):
    number = proposed(changed)
    assert said("refuse", number, "--by", "wang", "--note", "too short")["state"] == "refused"
    listed = said("list")
    assert [one["code"] for one in listed["shipped"]] == list(schemes.SHIPPED)
    assert [(one["id"], one["note"]) for one in listed["versions"]] == [(number, "too short")]
    assert "too short" in run("list").output


def test_a_change_is_compared_and_the_report_kept(changed):
    mother = builders.person()
    builders.contract(mother)
    builders.bill(mother, 3000, line=line_of(mother))
    words = ("compare", "--with", changed, "--from", "2026-03", "--to", "2026-03")
    report = said(*words, "--keep", "ding")
    assert report["baseline"]["credit_fen"] == report["changed"]["credit_fen"] == 3000
    assert "better" not in report
    assert ["due.then_hours", "48", "24"] in report["changes"]
    assert WhatIf.objects.get().made_by == "ding"
    assert "| `due.then_hours` | 48 | 24 |" in run(*words).output
    assert run(*words, "--csv").output.startswith("section,name,recorded,baseline,changed")
    assert said(*words, "--people")["worse"] == []
    assert "better: —" in run(*words, "--people").output


def test_what_cannot_be_compared_is_said(changed):
    words = ("compare", "--with", changed, "--from", "2026-03", "--to")
    assert "no area" in run(*words, "2026-03", code=2).stderr
    builders.area()
    assert "comes before" in run(*words, "2026-02", code=2).stderr
    builders.area("990200")
    assert "--area 990100 or 990200" in run(*words, "2026-03", code=2).stderr
    assert said(*words, "2026-03", "--area", "990200")["families"] == 0


def test_a_simulated_year_is_written_once(settings):
    settings.YIFU_SIMULATION = True
    made = said("simulate-year", "--people", 40, "--seed", 5)
    assert made["people"] == 40
    assert made["bills"] > 100
    assert run("simulate-year", "--people", 40, code=1)
