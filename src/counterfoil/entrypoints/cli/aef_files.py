"""Files that hold a submission: workbooks, and JSON files of the internal profile. A bad file is a value."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.input import InputFault, read_bytes

if TYPE_CHECKING:
    from counterfoil.application.queries.aef_check import NamedRaw
    from counterfoil.domain.reporting.aef_format import AefFormat

JSON_SUFFIX: Final = ".json"
WORKBOOK_PROFILES: Final = ("checker-2025", "nomenclature-2026")
"""How a workbook was written; the first is the default. A JSON file says itself what it is."""


def named_file(name: str, form: "AefFormat") -> "NamedRaw":
    """The cells of one file under its name, or why there are none. `form` says how a workbook was written."""
    from counterfoil.application.queries.aef_check import NamedRaw
    from counterfoil.domain.reporting.aef_json import submission_from_values
    from counterfoil.domain.reporting.aef_profile import profile_fault, raw_workbook

    if not name.lower().endswith(JSON_SUFFIX):
        return workbook(name)
    values = json_values(name)
    found = values if isinstance(values, Refusal) else submission_from_values(values)
    if isinstance(found, Refusal):
        return NamedRaw(name, found)
    return NamedRaw(name, profile_fault(found, form) or raw_workbook(found, form))


def json_values(name: str) -> object:
    """The values of a JSON file, binary fractions left as text; or the refusal that says why not."""
    data = read_bytes(name)
    if isinstance(data, Refusal):
        return data
    try:
        return json.loads(data.decode("utf-8"), parse_float=str, parse_constant=str)
    except UnicodeDecodeError:
        return Refusal(InputFault.NOT_UTF8, {"file": name})
    except json.JSONDecodeError as error:
        return Refusal(InputFault.NOT_JSON, {"detail": f"{error.msg}, line {error.lineno}"})
    except (ValueError, RecursionError):
        # A number of thousands of digits, or a list within a list a thousand times over.
        return Refusal(InputFault.NOT_JSON, {"detail": "a number or a nesting that is too long"})


def workbook(name: str) -> "NamedRaw":
    """The cells of one workbook under its name, or why there are none."""
    from counterfoil.adapters.documents.xlsx_reading import read_workbook_file
    from counterfoil.application.queries.aef_check import NamedRaw

    try:
        return NamedRaw(name, read_workbook_file(Path(name)))
    except FileNotFoundError:
        return NamedRaw(name, Refusal(InputFault.ABSENT, {"file": name}))
    except IsADirectoryError:
        return NamedRaw(name, Refusal(InputFault.A_FOLDER, {"file": name}))
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        return NamedRaw(name, Refusal(InputFault.UNREADABLE, {"file": name, "detail": detail}))
