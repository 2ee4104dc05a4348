"""The API does what its OpenAPI description says, whatever is sent to it (schemathesis)."""

import json
from datetime import date

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi import checks

from tests import builders
from yifu.insurance.models import Connection
from yifu.reconciliation.models import Difference, Statement
from yifu.secrets import encrypt
from yifu.settlement.models import Settlement
from yifu.wsgi import application

CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.ignored_auth,
    checks.unsupported_method,
]
OUTSIDE_SILENT = {502, 503}
"""Documented answers while the insurer or a channel cannot be asked."""
CONFIG = SchemathesisConfig(
    seed=7,
    projects=ProjectsConfig(
        default=ProjectConfig(
            generation=GenerationConfig(
                max_examples=25,
                deterministic=True,
                database="none",
                # Who sends a query nobody knows gets the same answer.
                allow_extra_parameters=False,
            )
        )
    ),
)

described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)


@pytest.fixture(autouse=True)
def _simulated(settings):
    """Secrets are hashed fast; requests are counted as of now."""
    settings.YIFU_SIMULATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def known(transactional_db):  # noqa: ARG001 - requests commit for real
    """Things that exist, by the name of the path's parameter, and a token of their hospital."""
    hospital = builders.institution()
    Connection.objects.create(
        institution=hospital,
        base_url="http://127.0.0.1:9",
        access_key="ak",
        secret_cipher=encrypt("sk"),
        timeout_s=1,
    )
    person = builders.person()
    enrolled = builders.contract(person)
    visit = builders.visit(person, charges=[1500], uninsured=True)
    settled = builders.visit(person, charges=[1500], uninsured=True)
    api = builders.api(hospital)
    answer = api.post("/settlements", {"visit_id": settled.pk}, key="first")
    settlement = Settlement.objects.get(pk=answer.json()["id"])
    statement = Statement.objects.create(
        institution=hospital,
        party="insurer",
        business_date=date(2026, 3, 2),
        fetched_at=builders.NOW,
        rows=0,
        matched=0,
        our_fen=0,
        their_fen=0,
    )
    difference = Difference.objects.create(
        statement=statement, kind="ours_only", key="x", figure="amount", found_at=builders.NOW
    )
    return api.token, {
        "person_id": person.pk,
        "principal_id": person.pk,
        "contract_id": enrolled.contract.pk,
        "visit_id": visit.pk,
        "settlement_id": settlement.pk,
        "bill_id": settlement.bill_id,
        "difference_id": difference.pk,
    }


@described.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_what_it_promises(case, known):
    token, ids = known
    if case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE:
        aim(case, ids)
    answer = case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code < 500 or answer.status_code in OUTSIDE_SILENT


def aim(case, ids):
    """Let every other valid request be about something that exists."""
    for given in (case.path_parameters, case.query, case.body):
        for name in ids.keys() & set(given if isinstance(given, dict) else ()):
            if isinstance(given[name], int) and given[name] % 2:
                given[name] = ids[name]


def test_errors_are_described_as_problems():
    description = json.loads(Client().get("/api/v1/openapi.json").content)
    for operations in description["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                kind = "application/problem+json" if int(status) >= 400 else "application/json"
                assert list(response["content"]) == [kind]
