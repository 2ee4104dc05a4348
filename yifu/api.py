"""The HTTP API, in one place: which routers there are and how errors look."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from yifu.catalogue.api import router as catalogue
from yifu.collection.api import router as bills
from yifu.collection.baddebt_api import router as bad_debt
from yifu.collection.defaults_api import router as standing
from yifu.enrolment.api import router as enrolment
from yifu.enrolment.family_api import router as families
from yifu.enrolment.life_api import router as life
from yifu.errors import InvalidRequest, NotFound, Unauthorised, YifuError
from yifu.institutions.auth import ClientToken
from yifu.insurance.api import router as insurance
from yifu.patients.api import router as patients
from yifu.problems import CONTENT_TYPE, problem
from yifu.receipts.api import router as receipts
from yifu.reconciliation.api import router as reconciliation
from yifu.settlement.api import router as settlements
from yifu.settlement.audit_api import router as audits
from yifu.settlement.callbacks import router as callbacks
from yifu.settlement.hold_api import router as holds
from yifu.visits.api import router as visits


class Json(BaseRenderer):
    """Writes answers with orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ANN401, ARG002 - ninja's signature
        """Serialise an answer."""
        return orjson.dumps(data)


class JsonBody(Parser):
    """Reads bodies with orjson: strict JSON, no NaN, no duplicate of Python's extensions."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - any JSON value
        """Parse the body; a syntax error becomes ninja's 400."""
        return orjson.loads(request.body)


class Api(NinjaAPI):
    """The API, whose description says that errors are application/problem+json."""

    def get_openapi_schema(
        self,
        *,
        path_prefix: str | None = None,
        path_params: dict[str, Any] | None = None,
    ) -> OpenAPISchema:
        """Describe the API in OpenAPI; ninja knows one media type for all answers only."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _as_problems(operation["responses"])
        return schema


def _as_problems(responses: dict[int, dict[str, Any]]) -> None:
    for status, response in responses.items():
        if int(status) >= 400 and Json.media_type in response.get("content", {}):  # noqa: PLR2004 - HTTP
            response["content"] = {CONTENT_TYPE: response["content"].pop(Json.media_type)}


api = Api(
    title="yifu 医付",
    version="1",
    description="Hospitals ask once; errors are application/problem+json with a stable `code`.",
    auth=ClientToken(),
    renderer=Json(),
    parser=JsonBody(),
    urls_namespace="api",
)
for prefix, router, tag in (
    ("", patients, "patients"),
    ("", enrolment, "enrolment"),
    ("", families, "enrolment"),
    ("", life, "enrolment"),
    ("", visits, "visits"),
    ("", settlements, "settlements"),
    ("", insurance, "insurance"),
    ("", audits, "settlements"),
    ("", holds, "settlements"),
    ("", callbacks, "callbacks"),
    ("", bills, "bills"),
    ("", bad_debt, "bills"),
    ("", standing, "standing"),
    ("", receipts, "receipts"),
    ("", reconciliation, "reconciliation"),
    ("", catalogue, "catalogue"),
):
    api.add_router(prefix, router, tags=[tag])


def _language(request: HttpRequest) -> str:
    return request.headers.get("Accept-Language", "zh")


@api.exception_handler(YifuError)
def _fact(request: HttpRequest, error: YifuError) -> HttpResponse:
    return problem(error, language=_language(request))


@api.exception_handler(AuthenticationError)
def _unauthorised(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
    return problem(Unauthorised(), language=_language(request))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [
        {
            "field": ".".join(str(part) for part in fault["loc"][1:]),
            "rule": fault["type"],
            "message": fault["msg"],
        }
        for fault in error.errors
    ]
    first = places[0]["field"] if places else "?"
    return problem(InvalidRequest(field=first, errors=places), language=_language(request))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 404:  # noqa: PLR2004 - HTTP's own number
        return problem(NotFound(what=request.path), language=_language(request))
    fault = InvalidRequest(field="body")
    response = problem(fault, language=_language(request))
    response["Content-Type"] = CONTENT_TYPE
    return response
