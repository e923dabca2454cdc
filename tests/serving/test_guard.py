"""Who is answered: names that are ours, pages that are ours, and whoever has the key."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from uepnet.serving.application import application
from uepnet.serving.service import Service


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("192.168.1.7", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
        ("", 421),
        ("[::1", 421),
        ("a@localhost:x", 421),
    ],
)
def test_only_names_that_no_stranger_can_own_are_answered(client: TestClient, host: str, status: int) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_further_names_are_allowed_by_name(service: Callable[..., Service]) -> None:
    with TestClient(application(service(allowed_hosts=frozenset({"Count.example"}))), base_url="http://x") as client:
        assert client.get("/healthz", headers={"Host": "count.example:80"}).status_code == 200
        assert client.get("/healthz", headers={"Host": "other.example"}).status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost:80", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "https://localhost"}, 200),  # a proxy with TLS hides the scheme from us
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_pages_of_other_sites_cannot_send_pictures(client: TestClient, crowd_png: bytes, headers, status: int) -> None:
    assert client.post("/v1/count", content=crowd_png, headers=headers).status_code == status


def test_behind_a_proxy_with_tls_our_own_page_can(client: TestClient, crowd_png: bytes) -> None:
    headers = {"Host": "localhost", "Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/v1/count", content=crowd_png, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Basic geheim"}, 401),
        ({"X-API-Key": "gehei"}, 401),
        ({"X-API-Key": "geheimä".encode()}, 401),
        ({"Authorization": "bearer geheim"}, 200),
        ({"X-API-Key": "geheim"}, 200),
    ],
)
def test_the_key(service: Callable[..., Service], crowd_png: bytes, headers, status: int) -> None:
    with TestClient(application(service(api_key="geheim")), base_url="http://localhost") as client:
        reply = client.post("/v1/count", content=crowd_png, headers=headers)
        assert reply.status_code == status
        if status == 401:
            assert reply.headers["www-authenticate"] == "Bearer"
        assert client.get("/v1/models", headers=headers).status_code == status
        assert client.get("/metrics", headers=headers).status_code == status
        assert client.get("/", headers=headers).status_code == 200
        assert client.get("/healthz", headers=headers).status_code == 200
