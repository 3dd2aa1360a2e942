"""The interface described as OpenAPI 3.1, made from the table of operations and the message models."""

import json
import re
from typing import Any

from pydantic import BaseModel

from checkout.api.operations import EVENTS_PATH, OPERATIONS, ROOT, Operation
from checkout.api.problems import MEDIA_TYPE
from messaging.model import example_of
from messaging.register.answered import LaneNow

VERSION = "1.0.0"
_ABOUT = (
    "For another register beside a lane of Comptoir: who is there, what applies and why, record what was "
    "sold, give back. Comptoir is no certified fiscal register; its slips are loyalty "
    "statements and no receipts. "
    "A key is made by the shop under Shop → Registers. Amounts are integers in the smallest unit of the "
    "currency. The same order again (same reference, or same Idempotency-Key) gets the same answer; with "
    "another body it is refused with 409 reference_used. Fields that are not known are refused in requests; "
    "answers may get more fields within version 1."
)
_PARAMETERS = {
    "lane": {"type": "integer", "minimum": 1, "maximum": 999},
    "reference": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},
}
_REFUSED = {
    "401": "No key, or one that opens nothing",
    "403": "The register may not: another lane, somebody's own account, too little proof",
    "404": "No such sale",
    "409": "Something stands against it: see the code",
    "413": "The body is larger than 64 KiB",
    "415": "The body is not JSON, or was encoded",
    "422": "Something in the request is missing or wrong",
    "429": "Too many requests: wait as Retry-After says",
    "503": "The station is busy: ask again",
}


def openapi() -> dict[str, Any]:
    """The whole description."""
    schemas: dict[str, Any] = {"Problem": _problem_schema()}
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        for model in (operation.asked, *operation.answers):
            schemas |= _schemas(model)
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    paths[EVENTS_PATH] = {"get": _events()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Comptoir beside another register", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": ROOT}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "register_…"}},
            "schemas": dict(sorted(schemas.items())),
        },
    }


def openapi_text() -> str:
    """As it is served at ``/api/v1/openapi.json`` and committed in ``docs/``."""
    return json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"


def _described(operation: Operation) -> dict[str, Any]:
    refs = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in operation.answers]
    answer: dict[str, Any] = {
        "description": "Done",
        "content": {"application/json": {"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}},
    }
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": _sentence(operation.asked),
        "parameters": _parameters(operation),
        "responses": {"200": answer, **_problems(operation)},
    }
    if operation.method == "POST":
        answer["headers"] = {
            "Idempotency-Replayed": {
                "description": "true where this answer had been given before",
                "schema": {"type": "string"},
            }
        }
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{operation.asked.__name__}"},
                    "example": {k: v for k, v in example_of(operation.asked).items() if k != "kind"},
                }
            },
        }
    return described


def _events() -> dict[str, Any]:
    stream = {
        "schema": {"type": "string"},
        "x-event-data": {"$ref": f"#/components/schemas/{LaneNow.__name__}"},
    }
    return {
        "operationId": "lane_events",
        "summary": "Server-sent events `lane`: one snapshot, then each change. Resumes by Last-Event-ID.",
        "parameters": [_parameter("lane")],
        "responses": {
            "200": {"description": "Never ends by itself", "content": {"text/event-stream": stream}},
            **{code: _problem(code) for code in ("401", "403", "429")},
        },
    }


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters = [_parameter(name) for name in re.findall(r"{(\w+)}", operation.path)]
    if operation.method == "POST":
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "Names this request; sent again with the same body it changes nothing more",
                "schema": {"type": "string", "minLength": 1, "maxLength": 128},
            }
        )
    return parameters


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _PARAMETERS[name]}


def _problems(operation: Operation) -> dict[str, Any]:
    codes = ["401", "403", "429", "503"]
    if operation.method == "POST":
        codes += ["404", "409", "413", "415", "422"]
    elif "reference" in operation.path:
        codes.append("404")
    return {code: _problem(code) for code in sorted(codes)}


def _problem(code: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _REFUSED[code], "content": {MEDIA_TYPE: {"schema": schema}}}


def _problem_schema() -> dict[str, Any]:
    scalar = {"type": ["string", "integer", "boolean", "null"]}
    fault = {
        "type": "object",
        "properties": {each: {"type": "string"} for each in ("at", "code", "text")},
        "required": ["at", "code", "text"],
    }
    return {
        "type": "object",
        "description": "RFC 9457. `code` is stable; `title` is a sentence for people.",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "params": {"type": "object", "additionalProperties": scalar},
            "errors": {"type": "array", "items": fault},
        },
        "required": ["type", "title", "status", "code", "params"],
    }


def _sentence(model: type[BaseModel]) -> str:
    return re.sub(r"\s+", " ", (model.__doc__ or "").strip())


def _schemas(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.pop("$defs", {})
    schema.pop("examples", None)
    return {model.__name__: schema, **inner}
