"""Annual information in bytes: a workbook, or a JSON file of the internal profile. A bad file is a value."""

import json
from typing import Final

from counterfoil.adapters.documents.xlsx_reading import read_workbook
from counterfoil.application.queries.aef_check import NamedRaw
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_json import AefJsonFault, submission_from_values
from counterfoil.domain.reporting.aef_parse import read_submission
from counterfoil.domain.reporting.aef_profile import profile_fault, raw_workbook
from counterfoil.domain.reporting.aef_rows import Submission

JSON_SUFFIX: Final = ".json"


def named_bytes(name: str, data: bytes, form: AefFormat) -> NamedRaw:
    """The cells in a file's bytes under its name, or why there are none. `form` says how a workbook was written."""
    if not name.lower().endswith(JSON_SUFFIX):
        return NamedRaw(name, read_workbook(data))
    values = json_of(data)
    found = submission_from_values(values)
    if isinstance(found, Refusal):
        return NamedRaw(name, found)
    return NamedRaw(name, profile_fault(found, form) or raw_workbook(found, form))


def json_of(data: bytes) -> object:
    """The values of a JSON text, binary fractions left as text; None for what is no JSON."""
    try:
        return json.loads(data.decode("utf-8"), parse_float=str, parse_constant=str)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None


def submission_in(book: NamedRaw, form: AefFormat) -> Submission | Refusal:
    """The submission of a read file, if table 1 says whose it is; else why not."""
    if isinstance(book.raw, Refusal):
        return book.raw
    filed = read_submission(book.raw, form, book.name).filed
    return Refusal(AefJsonFault.NOT_A_SUBMISSION, {"format": "AEF"}) if filed is None else filed.submission
