"""The way to the insurer step by step, and how it is set."""

import json
import socket
import subprocess
import sys

import pytest

from yifu.insurance.models import Connection
from yifu.secrets import decrypt


def steps(report):
    return [(step["step"], step["ok"]) for step in report["steps"]]


@pytest.fixture
def connect(console, tmp_path):
    def run(base_url, *, key="sk", access_key="ak", code=0, institution=None):
        path = tmp_path / "secret"
        path.write_text(f"{key}\n")
        words = ["--institution", institution or console.hospital.code, "--base-url", base_url]
        words += ["--access-key", access_key, "--secret-key-file", str(path), "--timeout", "3"]
        return console.run("connect", *words, code=code)

    return run


def test_every_step_is_taken_when_all_is_well(console):
    report = console.json("ping")
    assert report["reached"]
    assert steps(report) == [(one, True) for one in ("name", "connection", "clock", "9001", "1201")]
    assert "ok   9001: answered" in console.run("ping")


@pytest.mark.parametrize(
    ("keys", "advice"),
    [({"access_key": "nobody"}, "--access-key"), ({"key": "wrong"}, "--secret-key-file")],
)
def test_a_wrong_key_is_told_apart(console, connect, keys, advice):
    connect(console.insurer.url, **keys)
    report = console.json("ping", code=1)
    assert steps(report)[-1] == ("9001", False)
    assert advice in report["steps"][-1]["advice"]


def test_an_address_where_nobody_listens_stops_at_the_connection(console, connect):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    connect(f"http://127.0.0.1:{port}")
    report = console.json("ping", code=1)
    assert steps(report) == [("name", True), ("connection", False)]
    assert "firewall" in report["steps"][-1]["advice"]


def test_a_name_that_there_is_not_stops_at_the_name(console, connect):
    connect("http://insurer.invalid:8080")
    assert steps(console.json("ping", code=1)) == [("name", False)]


def test_an_address_without_tls_is_noticed_where_tls_is_wanted(console, connect):
    connect(console.insurer.url.replace("http:", "https:"))
    report = console.json("ping", code=1)
    assert steps(report)[-1] == ("TLS", False)


def test_a_refusal_shows_the_insurers_sentence(console):
    console.insurer.fault("refuse", infno="1201")
    report = console.json("ping", code=1)
    assert steps(report)[-1] == ("1201", False)
    assert "模拟拒绝" in report["steps"][-1]["found"]
    assert "names the field" in report["steps"][-1]["advice"]


def test_something_else_at_the_address_is_noticed(console):
    console.insurer.fault("nonsense", infno="9001")
    assert "right address" in console.json("ping", code=1)["steps"][-1]["advice"]


def test_a_connection_is_kept_with_its_secret_hidden_and_can_be_replaced(connect):
    text = connect("https://gateway.invalid:8443/", key="another")
    row = Connection.objects.get()
    assert (row.base_url, row.timeout_s) == ("https://gateway.invalid:8443", 3)
    assert row.region == "national"
    assert decrypt(row.secret_cipher) == "another"
    assert "another" not in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"base_url": "gateway"}, "--base-url"),
        ({"key": ""}, "--secret-key-file"),
        ({"institution": "H0"}, "no institution H0"),
    ],
)
def test_a_connection_that_cannot_be_is_refused(connect, changes, said):
    words = {"base_url": "http://127.0.0.1:1", **changes}
    code = 1 if "institution" in changes else 2
    assert said in connect(words.pop("base_url"), code=code, **words)


def test_a_regions_habits_can_be_asked_for(console, tmp_path):
    path = tmp_path / "key"
    path.write_text("sk")
    words = ["--institution", console.hospital.code, "--base-url", "http://127.0.0.1:1"]
    words += ["--access-key", "ak", "--secret-key-file", str(path)]
    assert console.json("connect", *words, "--region", "zhejiang")["region"] == "zhejiang"
    assert Connection.objects.get().region == "zhejiang"
    assert "national" in console.run("connect", *words, "--region", "atlantis", code=2)


def test_several_connections_want_a_choice(console):
    from tests import builders
    from yifu.secrets import encrypt

    Connection.objects.create(
        institution=builders.institution("H99010000002"),
        base_url="http://127.0.0.1:1",
        access_key="x",
        secret_cipher=encrypt("y"),
    )
    assert "--institution" in console.run("ping", code=1)
    assert console.json("ping", "--institution", console.hospital.code)["reached"]


@pytest.mark.acceptance
def test_the_program_shows_fields_and_codes():
    def run(*words):
        argv = [sys.executable, "-m", "yifu.cli", "insurer", *words, "--json"]
        return json.loads(subprocess.run(argv, check=True, capture_output=True).stdout)

    fields = run("fields", "2207")
    (data,) = fields["in"]
    named = {row["field"]: row for row in data["fields"]}
    assert named["med_type"]["explanation"]
    assert named["med_type"] | {"zh": "", "en": "", "explanation": ""} == {
        "field": "med_type",
        "zh": "",
        "en": "",
        "type": "text",
        "size": 6,
        "decimals": 0,
        "required": True,
        "codes": "med_type",
        "explanation": "",
    }
    assert run("codes", "med_type")["codes"]["11"] == "普通门诊"
