"""An act that two persons do, from the form of a desk to its receipt."""

from typing import Any

from tests.web.acts.stage import Browser, hidden, seq_of


async def done_by_two(first: Browser, second: Browser, path: str, fields: dict[str, Any]) -> int:
    """The entry: the first fills in, looks and proposes, the second approves what they see."""
    identity = hidden((await first.get(path)).text)["f.id"]
    looked = await first.post(path, {**fields, "f.id": identity, "step": "look"})
    assert looked.status_code == 200, looked.text
    sent = await first.post(path, {**hidden(looked.text), "step": "propose", "why": "as agreed"})
    assert sent.status_code == 303, sent.text
    place = "/" + sent.headers["location"].partition("?")[0].lstrip("./")
    seen = hidden((await second.get(place)).text)["seen"]
    return seq_of(await second.post(place, {"step": "approve", "seen": seen}))
