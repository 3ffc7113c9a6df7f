"""The letters that the press draws up, and its look at one that somebody brings.

A letter, certificate or statement as PDF, unsigned, with the claim that checks itself.

Only the press's own process imports this module.
"""

import json
import os
from datetime import date
from pathlib import Path
from typing import IO, Any

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.documents.pades import now_utc
from counterfoil.adapters.documents.pdf_signatures import Signed
from counterfoil.application.queries.account_statement import account_statement
from counterfoil.application.queries.letters import Letter, LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.press import Facts
from counterfoil.entrypoints.language import LANGUAGES, Texts
from counterfoil.entrypoints.letters.checking import Checked, checked
from counterfoil.entrypoints.letters.claim import ADDRESS, usable_base
from counterfoil.entrypoints.letters.drawing_up import drawn_up
from counterfoil.entrypoints.letters.files import era_of
from counterfoil.entrypoints.letters.letter_paper import letter_paper
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.printing import printer
from counterfoil.entrypoints.reports.words import Words


def drawn(folder: Path, facts: Facts, target: Path) -> Refusal | None:
    """Write a letter in a `language`: of an authorization, or of the `kind` that is named.

    `of` is an authorization, with `@` and a number for an older version, the number of a certificate's entry, or an
    account, whose statement is of the day `on`.
    """
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        found = _letter(sight, facts)
        if isinstance(found, Refusal):
            return found
        base = os.environ.get(ADDRESS, "")
        unusable = usable_base(base)
        if unusable is not None:
            return unusable
        era, texts = era_of(sight, on=found.ground.on), Texts(str(facts["language"]))
        if facts.get("format") == "docx":
            # To work on: nothing in it proves itself, so it bears no claim.
            target.write_bytes(printer("docx")(letter_paper(found, Speech([Words(texts)], era))))
            return None
        target.write_bytes(drawn_up(found, [texts], era=era, base=base))
    return None


def _letter(sight: Sight, facts: Facts) -> Letter | Refusal:
    kind, of, on = LetterKind(str(facts.get("kind", LetterKind.AUTHORIZATION.value))), str(facts["of"]), facts.get("on")
    if kind is LetterKind.STATEMENT:
        return account_statement(sight, of, on=date.fromisoformat(str(on)) if on else None)
    return letter(sight, kind, of)


def looked_at(folder: Path, facts: Facts, upload: IO[bytes], target: Path) -> Refusal | None:
    """Write what `letter check` says to an uploaded PDF or credential, as JSON, with the number that it bears.

    Whom the reader trusts is not asked, so of a signature only its wholeness is told.
    """
    del facts
    texts = [Texts(language) for language in LANGUAGES]
    at = now_utc(SystemClock().now_ms())
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        found = checked(upload.read(), sight=sight, roots=(), at=at, texts=texts)
    target.write_text(json.dumps(_told(found), ensure_ascii=False), encoding="utf-8")
    return None


def _told(found: Checked) -> dict[str, Any]:
    claim = found.claim
    return {
        "form": found.form,
        "sha256": found.sha256,
        "journal": found.journal.value,
        "findings": [each.value for each in found.findings],
        "claim": None if claim is None else {"kind": claim.kind.value, "of": claim.of, "entry": claim.entry},
        "query": "" if claim is None else claim.text.partition("?")[2],
        "number": "" if claim is None or found.form != "pdf" else claim.number,
        "issuer": found.issuer,
        "recorded": [[kind, key] for kind, key in found.recorded],
        "signatures": [_signature(each) for each in found.signatures],
    }


def _signature(one: Signed) -> dict[str, str]:
    return {
        "who": "" if one.who is None else one.who.subject,
        "at": "" if one.claimed_at is None else one.claimed_at.isoformat(timespec="seconds"),
        "wholeness": one.wholeness.value,
    }
