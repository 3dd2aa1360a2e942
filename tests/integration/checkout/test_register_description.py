"""The OpenAPI description is true: whatever is sent, every answer is one that it names, and nothing breaks."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checkout.api.description import openapi, openapi_text
from checkout.api.keys import ApiLimits
from checkout.api.operations import OPERATIONS, Operation
from checkout.public.limits import RateLimiter
from checkout.web.app import behind_door, create_app
from messaging.model import example_of
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.generated_json import ANYTHING, fitting, spoilt
from tests.integration.checkout.registers import API, make_companion, make_register, till

DESCRIPTION = openapi()
SCHEMAS = DESCRIPTION["components"]["schemas"]
ORDERS = [operation for operation in OPERATIONS if operation.method == "POST"]
NO_LIMITS = ApiLimits(requests=RateLimiter(1_000_000), wrong_keys=RateLimiter(1_000_000))


@dataclass(frozen=True)
class Fuzzed:
    """Where examples are sent, and with which key."""

    key: str
    app: Any

    def send(self, path: str, content: bytes, kind: str = "application/json") -> httpx.Response:
        async def story() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=API) as http:
                headers = {"authorization": f"Bearer {self.key}", "content-type": kind}
                return await http.post(f"{API}{path}", content=content, headers=headers)

        return asyncio.run(story())


def check(operation: Operation, answer: httpx.Response) -> None:
    """The answer is one that the description names for the operation, to the last field."""
    described = DESCRIPTION["paths"][operation.path][operation.method.lower()]["responses"]
    assert str(answer.status_code) in described, (operation.path, answer.status_code, answer.text)
    content = described[str(answer.status_code)]["content"]
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in content
    schema = {**content[kind]["schema"], "components": {"schemas": SCHEMAS}}
    Draft202012Validator(schema).validate(answer.json())
    if answer.status_code == 200:
        names = {model.__name__: model for model in operation.answers}
        assert any(_is_exactly(model, answer.content) for model in names.values())


def _is_exactly(model: Any, content: bytes) -> bool:
    try:
        model.model_validate_json(content, extra="forbid")
    except ValueError:
        return False
    return True


@pytest.fixture
def fuzzed(counter: Counter) -> Fuzzed:
    """One station with one register for all examples of a test."""
    make_companion(counter)
    made = make_register(counter, confirms=True)
    app = create_app(counter.web)
    api: Any = next(route for route in app.routes if getattr(route, "name", "") == "api")
    api.app.state.limits = NO_LIMITS
    return Fuzzed(made.key, behind_door(app, counter.web))


def test_the_served_description_is_the_published_one(counter: Counter) -> None:
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            answer = await pos.http.get("http://127.0.0.1:8080/api/v1/openapi.json")
            assert answer.text == openapi_text()

    run(story())
    for name, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert name[0].isupper()
    assert (
        len({each["operationId"] for path in DESCRIPTION["paths"].values() for each in path.values()}) == 14
    )


def test_each_operation_answers_its_example_as_described(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter, confirms=True)

    async def story() -> None:
        async with till(counter, made, NO_LIMITS) as pos:
            reached = set()
            for operation in (*OPERATIONS, *OPERATIONS):
                path = operation.path.replace("{lane}", "1").replace("{reference}", "2026-000123")
                body = {k: v for k, v in example_of(operation.asked).items() if k not in {"charged_minor"}}
                answer = await (pos.get(path) if operation.method == "GET" else pos.post(path, body))
                check(operation, answer)
                reached.add((operation.name, answer.status_code))
            assert {name for name, status in reached if status == 200} >= {
                "ask_setup", "ask_lane", "state_sale", "name_member", "remove_member", "record_sale",
                "ask_sale", "refund_sale",
            }  # fmt: skip

    run(story())


@pytest.mark.parametrize("operation", ORDERS, ids=lambda operation: operation.name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_sent_the_answer_is_described(
    fuzzed: Fuzzed, operation: Operation, data: st.DataObject
) -> None:
    good = data.draw(fitting(SCHEMAS[operation.asked.__name__], SCHEMAS))
    body = data.draw(st.one_of(st.just(good), spoilt(good), ANYTHING))
    check(operation, fuzzed.send(operation.path.replace("{lane}", "1"), json.dumps(body).encode()))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400), kind=st.sampled_from(["application/json", "text/plain", ""]))
def test_bytes_that_are_no_json_are_refused(fuzzed: Fuzzed, body: bytes, kind: str) -> None:
    answer = fuzzed.send("/lanes/1/sales", body, kind)
    assert answer.status_code in {415, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("lane", ["0", "-1", "01x", "99999999999", "%00", "١", "1.0"])
def test_no_lane_but_a_number_is_looked_for(counter: Counter, lane: str) -> None:
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            for path in (f"/lanes/{lane}", f"/lanes/{lane}/events"):
                answer = await pos.get(path)
                assert answer.status_code in {403, 404}
                assert answer.headers["content-type"] == "application/problem+json"

    run(story())


def test_other_methods_and_addresses_are_problems_too(counter: Counter) -> None:
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            for status, answer in (
                (404, await pos.get("/nothing")),
                (405, await pos.get("/lanes/1/sales")),
                (405, await pos.post("/lanes/1")),
                (405, await pos.http.put("http://127.0.0.1:8080/api/v1/lanes/1")),
                (413, await pos.post("/lanes/1/sales", {"x": "y" * 70_000})),
                (421, await pos.http.get("http://127.0.0.1:8080/api/v1/", headers={"host": "evil.example"})),
            ):
                assert answer.status_code == status
                assert answer.headers["content-type"] == "application/problem+json"
                Draft202012Validator({**SCHEMAS["Problem"]}).validate(answer.json())

    run(story())


def test_a_browser_of_another_site_gets_nothing_without_the_key(counter: Counter) -> None:
    # part of row 211
    make_companion(counter)
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            url = "http://127.0.0.1:8080/api/v1/lanes/1/sales"
            foreign = {"origin": "http://evil.example", "cookie": "comptoir_session=whatever"}
            answer = await pos.http.post(url, json={"reference": "T", "total_minor": 1}, headers=foreign)
            assert answer.status_code == 401
            assert "access-control-allow-origin" not in answer.headers
            asked = await pos.http.options(url, headers=foreign)
            assert asked.status_code == 405

    run(story())


def test_json_of_depth_is_refused(fuzzed: Fuzzed) -> None:
    for body in (b"[" * 30_000, b'{"a":' * 10_000, json.dumps({"reference": "T" * 60_000}).encode()):
        assert fuzzed.send("/lanes/1/sales", body).status_code == 422
