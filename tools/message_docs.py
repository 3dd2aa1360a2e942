"""Writes ``docs/messages.md``, ``docs/asyncapi.json`` and ``docs/openapi.json`` from the models (row 188).

``python -m tools.message_docs`` writes them; a test compares them with what is committed.
"""

import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from checkout.api.description import openapi_text
from messaging.catalogue import (
    EVENT_BODIES,
    HTTPS_MESSAGES,
    LOCAL_MESSAGES,
    MQTT_CHANNELS,
    REGISTER_BODIES,
    Channel,
)
from messaging.model import example_of
from messaging.topics import ROOT

DOCS = Path(__file__).resolve().parent.parent / "docs"


def markdown() -> str:
    """The document for people: every message, where it travels, its fields and its example."""
    parts = [
        (
            "# Messages\n\nGenerated from `messaging/` by `make messages`; do not edit. "
            "JSON, UTF-8, at most 12 KiB. `v` is the major version; unknown extra fields are ignored, "
            "an unknown `v` is refused.\n"
        ),
        "## MQTT\n",
        "| topic | message | from → to | QoS | retained |\n|---|---|---|---|---|",
        *(
            f"| `{c.address}` | [{c.message.__name__}](#{c.message.__name__.lower()}) "
            f"| {c.sender} → {c.receiver} | {c.qos} | {'yes' if c.retained else 'no'} |"
            for c in MQTT_CHANNELS
        ),
        "",
        *(_section(channel.message) for channel in MQTT_CHANNELS),
        (
            "## Event bodies\n\nSealed to the station's key inside the envelope's `sealed` "
            "(HPKE: X25519, HKDF-SHA256, ChaCha20-Poly1305).\n"
        ),
        *(_section(model) for model in EVENT_BODIES),
        (
            "## Bodies between another register and the station\n\nInside `RegisterAsked.ask` and "
            "`RegisterAnswered.answer`, told apart by `kind`; over HTTP they travel bare.\n"
        ),
        *(_section(model) for model in REGISTER_BODIES),
        "## Pairing, over HTTPS\n",
        *(_section(model) for model in HTTPS_MESSAGES),
        "## Kiosk and device process, over their Unix socket\n",
        *(_section(model) for model in LOCAL_MESSAGES),
    ]
    return "\n".join(parts).rstrip() + "\n"


def asyncapi() -> dict[str, Any]:
    """The MQTT contract as AsyncAPI 3.0."""
    schemas: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for model in [*(channel.message for channel in MQTT_CHANNELS), *EVENT_BODIES]:
        schemas |= _schemas(model)
        messages[model.__name__] = {
            "name": model.__name__,
            "summary": _summary(model),
            "contentType": "application/json",
            "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
            "examples": [{"payload": example_of(model)}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Comptoir",
            "version": "1",
            "description": "Between devices, checkout station, named POS users and fleet agents. "
            "Bodies of events are sealed to the station's key; their schemas are listed as messages too.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "store": {"host": "comptoir.local:8883", "protocol": "mqtts", "security": [{"type": "X509"}]}
        },
        "channels": {_name(c): _channel(c) for c in MQTT_CHANNELS},
        "operations": {f"{c.sender.split()[0]}-{_name(c)}": _operation(c) for c in MQTT_CHANNELS},
        "components": {"messages": messages, "schemas": schemas},
    }


def asyncapi_text() -> str:
    """The AsyncAPI document as it is committed."""
    return json.dumps(asyncapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the documents."""
    (DOCS / "messages.md").write_text(markdown(), encoding="utf-8")
    (DOCS / "asyncapi.json").write_text(asyncapi_text(), encoding="utf-8")
    (DOCS / "openapi.json").write_text(openapi_text(), encoding="utf-8")


def _summary(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().split("\n")[0]


def _section(model: type[BaseModel]) -> str:
    fields = "\n".join(
        f"| `{name}` | {'yes' if field.is_required() else 'no'} | {_type(schema)} |"
        for (name, field), schema in zip(
            model.model_fields.items(), model.model_json_schema()["properties"].values(), strict=True
        )
    )
    sample = json.dumps(example_of(model), indent=2, ensure_ascii=False)
    text = re.sub(r"\n\s+", "\n", (model.__doc__ or "").strip())
    return (
        f"### {model.__name__}\n\n{text}\n\n| field | required | type |\n|---|---|---|\n{fields}\n\n"
        f"```json\n{sample}\n```\n"
    )


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rsplit('/', 1)[1]}`"
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " or ".join(dict.fromkeys(_type(choice) for choice in schema[union]))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kind = str(schema.get("type", "any"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _schemas(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.pop("$defs", {})
    schema.pop("examples", None)
    return {model.__name__: schema, **inner}


def _name(channel: Channel) -> str:
    return re.sub(r"[^A-Za-z]+", "-", channel.address.removeprefix(f"{ROOT}/")).strip("-")


def _channel(channel: Channel) -> dict[str, Any]:
    name = channel.message.__name__
    return {
        "address": channel.address,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {part: {} for part in re.findall(r"{(\w+)}", channel.address)},
    }


def _operation(channel: Channel) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{_name(channel)}"},
        "summary": f"{channel.sender} tells {channel.receiver}",
        "bindings": {"mqtt": {"qos": channel.qos, "retain": channel.retained}},
    }


if __name__ == "__main__":
    main()
