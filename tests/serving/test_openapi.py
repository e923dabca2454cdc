"""The description of the interface: whole, with examples, and kept by the server for whatever schemathesis thinks of."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from uepnet.serving.application import application
from uepnet.serving.service import Service

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/v1/count", "/v1/models", "/v1/overlay", "/v1/zones"])
def test_the_server_keeps_its_description(service: Callable[..., Service], path: str) -> None:
    app = application(service(max_megabytes=1, allowed_hosts=frozenset({"testserver"})))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operation = schema[path]["GET" if path in ("/healthz", "/metrics", "/v1/models") else "POST"]

    @given(case=operation.as_strategy())
    @settings(max_examples=20, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    def keeps(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    keeps()


def test_every_answer_is_described_and_the_count_has_an_example(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/healthz", "/metrics", "/v1/count", "/v1/models", "/v1/overlay", "/v1/zones",
    }  # fmt: skip
    count = described["paths"]["/v1/count"]["post"]
    assert {"200", "401", "403", "408", "413", "415", "421", "422", "429", "503"} == set(count["responses"])
    assert set(count["requestBody"]["content"]) == {"image/*", "application/octet-stream", "multipart/form-data"}
    schemas = described["components"]["schemas"]
    assert schemas["CountAnswer"]["examples"][0]["count"] > 0
    assert set(schemas["ErrorAnswer"]["properties"]) == {"error"}
    assert "#/$defs" not in json.dumps(described)
    examples = {parameter["name"] for parameter in count["parameters"] if parameter["schema"].get("examples")}
    assert examples == {"model", "decode", "coverage", "zones", "max_megapixels", "name"}
    named = {parameter["name"] for parameter in count["parameters"]}
    assert named == {"model", "decode", "coverage", "zones", "max_megapixels", "name", "heat", "maps", "view"}


def test_a_key_is_described_where_one_is_wanted(service: Callable[..., Service]) -> None:
    with TestClient(application(service(api_key="geheim")), base_url="http://localhost") as client:
        described = client.get("/openapi.json").json()
    assert described["security"] == [{"bearer": []}, {"key": []}]
    assert set(described["components"]["securitySchemes"]) == {"bearer", "key"}
    assert described["paths"]["/healthz"]["get"]["security"] == []
