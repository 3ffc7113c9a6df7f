"""Which section a request is for, and what of it passes the door."""

from typing import Any

import h11
import pytest

from counterfoil.entrypoints.tenancy.passage import answered_headers, head_of
from counterfoil.entrypoints.tenancy.routing import Routes, Way
from counterfoil.entrypoints.tenancy.standing import Running, SectionStanding, Standing

SECTIONS = (
    SectionStanding("THA", ("tha.example",), "/run/THA.sock", Running.RUNNING),
    SectionStanding("GHA", (), "/run/GHA.sock", Running.RUNNING),
)
ROUTES = Routes(Standing("x", 1, "", sections=SECTIONS))


def way(host: bytes, path: bytes) -> tuple[str, bytes, bytes] | None:
    found = ROUTES.way(host, path)
    return None if found is None else (found.section.party, found.path, found.prefix)


@pytest.mark.parametrize(
    ("path", "within"),
    [
        (b"/s/THA", b"/"),
        (b"/s/THA/", b"/"),
        (b"/s/THA/api/v1/health", b"/api/v1/health"),
        (b"/s/THA//x", b"//x"),
        (b"/s/THA/%2e%2e/GHA", b"/%2e%2e/GHA"),
        (b"/s/THA/../GHA/api", b"/../GHA/api"),
    ],
)
def test_a_path_leads_to_its_section_and_nothing_in_it_is_made_shorter(path: bytes, within: bytes) -> None:
    assert way(b"hosted.example", path) == ("THA", within, b"/s/THA")


@pytest.mark.parametrize(
    "path",
    [b"/", b"/s/", b"/s/tha/", b"/s/XXX/", b"/s/%54HA/", b"//s/THA/", b"/s/THAX/", b"/x/../s/THA/", b"s/THA/", b""],
)
def test_no_section_is_meant_by(path: bytes) -> None:
    assert way(b"hosted.example", path) is None


@pytest.mark.parametrize("host", [b"tha.example", b"THA.example", b"tha.example:8642", b"tha.example."])
def test_a_host_name_leads_to_its_section_whatever_the_path_says(host: bytes) -> None:
    assert way(host, b"/s/GHA/api/v1/health") == ("THA", b"/s/GHA/api/v1/health", b"")


def test_a_host_name_that_only_begins_alike_leads_nowhere() -> None:
    assert way(b"tha.example.evil.example", b"/") is None
    assert way(b"evil.tha.example", b"/") is None


def scope(*headers: tuple[bytes, bytes], **changes: Any) -> dict[str, Any]:
    return {"method": "POST", "query_string": b"", "client": ("192.0.2.7", 5), "headers": list(headers), **changes}


def head(*headers: tuple[bytes, bytes], prefix: bytes = b"/s/THA", behind_proxy: bool = False, **changes: Any) -> Any:
    meant = Way(SECTIONS[0], b"/api/v1/commands", prefix)
    host = (b"host", b"hosted.example")
    made = head_of(scope(host, *headers, **changes), meant, behind_proxy=behind_proxy)
    return made.target, {bytes(name): bytes(value) for name, value in made.headers}


def test_what_belongs_to_one_connection_stays_behind() -> None:
    _, sent = head(
        *((b"connection", b"keep-alive, X-Mine"), (b"x-mine", b"1"), (b"te", b"trailers"), (b"upgrade", b"h2c")),
        *((b"authorization", b"Bearer t"), (b"proxy-authorization", b"x"), (b"keep-alive", b"1")),
    )
    assert set(sent) == {b"host", b"authorization", b"x-forwarded-for", b"connection"}
    assert sent[b"connection"] == b"close"


def test_the_size_of_a_body_and_its_host_cannot_be_named_away() -> None:
    _, sent = head((b"connection", b"content-length, host"), (b"content-length", b"3"))
    assert (sent[b"content-length"], sent[b"host"]) == (b"3", b"hosted.example")


def test_a_body_of_unknown_size_is_sent_on_as_one_and_a_size_beside_it_is_not_believed() -> None:
    _, sent = head((b"transfer-encoding", b"chunked"), (b"content-length", b"3"))
    assert sent[b"transfer-encoding"] == b"chunked" and b"content-length" not in sent


def test_two_sizes_are_no_size() -> None:
    with pytest.raises(h11.RemoteProtocolError):
        head((b"content-length", b"3"), (b"content-length", b"4"))


def test_where_the_path_told_the_section_no_cookie_passes_either_way() -> None:
    assert b"cookie" not in head((b"cookie", b"__Host-counterfoil=x"))[1]
    given = [(b"set-cookie", b"a=1"), (b"content-type", b"text/html")]
    assert answered_headers(given, b"/s/THA") == given[1:]


def test_where_a_host_name_told_it_cookies_pass() -> None:
    assert head((b"cookie", b"__Host-counterfoil=x"), prefix=b"")[1][b"cookie"] == b"__Host-counterfoil=x"
    assert answered_headers([(b"set-cookie", b"a=1")], b"") == [(b"set-cookie", b"a=1")]


@pytest.mark.parametrize(
    ("behind_proxy", "said", "told"),
    [
        (False, b"198.51.100.9", b"192.0.2.7"),
        (True, b"203.0.113.1, 198.51.100.9", b"198.51.100.9"),
        (True, None, b"192.0.2.7"),
    ],
)
def test_the_section_learns_who_sends_and_a_client_cannot_say_it(
    behind_proxy: bool, said: bytes | None, told: bytes
) -> None:
    named = () if said is None else ((b"x-forwarded-for", said), (b"forwarded", b"for=1"), (b"x-forwarded-proto", b"x"))
    _, sent = head(*named, behind_proxy=behind_proxy)
    assert sent[b"x-forwarded-for"] == told
    assert b"forwarded" not in sent and b"x-forwarded-proto" not in sent


def test_a_question_keeps_its_query() -> None:
    assert head(query_string=b"after=a%2Fb&limit=2")[0] == b"/api/v1/commands?after=a%2Fb&limit=2"


def test_places_within_a_section_get_its_path_before_them() -> None:
    given = [
        (b"location", b"/api/v1/units/1"),
        (b"link", b'</api/v1/entries?after=1>; rel="next"'),
        (b"location", b"//evil.example/"),
        (b"connection", b"close"),
    ]
    assert answered_headers(given, b"/s/THA") == [
        (b"location", b"/s/THA/api/v1/units/1"),
        (b"link", b'</s/THA/api/v1/entries?after=1>; rel="next"'),
        (b"location", b"//evil.example/"),
    ]
