"""From the files of an AEF pack to the value that the domain works with. Pure: the loader reads the files.

A line that does not fit stops the start with its name: a pack is ours, so a mistake in it is an assertion and not a
refusal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.domain.reporting.aef_format import AefFormat, CodeList, FieldSpec, FieldType, Need, TableSpec

Toml = Mapping[str, Any]

WIDTHS = {FieldType.DATE: 13, FieldType.DATETIME: 13, FieldType.INTEGER: 14, FieldType.NUMBER: 14, FieldType.TEXT: 18}
"""Column widths in characters where columns.toml names none."""


def aef_format(*, pack: Toml, columns: Toml, vocabulary: Toml, profile_id: str, profile: Toml) -> AefFormat:
    """The format of one pack under one profile."""
    changes = {(change["table"], change["name"]): change for change in profile.get("fields", ())}
    left = {"placeholder": "", "link_placeholder": ""} if profile.get("carp") == "empty" else {}
    tables = tuple(_table({**pack, **left}, table, changes) for table in columns["tables"])
    spellings: Toml = profile.get("emit", {})
    lists = {name: _code_list(entry, spellings.get(name, {})) for name, entry in vocabulary["lists"].items()}
    named = {name for table in tables for spec in table.fields for name in (spec.code_list, spec.names) if name}
    unknown = named - set(lists)
    assert not unknown, f"columns.toml names lists that vocabulary.toml does not have: {sorted(unknown)}"
    confidential: Toml = {**pack["confidential"], **profile.get("confidential", {})}
    return AefFormat(
        id=pack["id"],
        profile=profile_id,
        sheets=tuple(pack["sheets"]),
        tables=tables,
        lists=lists,
        placeholders=(pack["placeholder"], pack["link_placeholder"]),
        subtypes_by_type={name: tuple(words) for name, words in vocabulary["subtypes_by_type"].items()},
        texts=pack["texts"],
        purposes={name: frozenset(words) for name, words in vocabulary["purposes"].items()},
        plain_serials=profile.get("plain_serials", False),
        confidential=_confidential(tables, confidential["fields"]),
        confidential_mark=confidential["mark"],
        moments_as_text=profile.get("moments_as_text", False),
    )


def _confidential(tables: Sequence[TableSpec], names: Sequence[str]) -> frozenset[str]:
    """The attributes of actions that may be confidential: texts that a row can do without."""
    actions = {spec.technical_name: spec for spec in tables[2].fields}
    for name in names:
        spec = actions[name]
        plain = spec.type is FieldType.TEXT and not spec.pattern and not spec.code_list and not spec.many
        assert plain and spec.attribute and spec.need is not Need.REQUIRED, f"{name} cannot be confidential"
    return frozenset(actions[name].attribute for name in names)


def _table(pack: Toml, table: Toml, changes: Mapping[tuple[int, str], Toml]) -> TableSpec:
    lines: Sequence[Toml] = table["fields"]
    fields = tuple(_field(pack, {**line, **changes.get((table["number"], line["name"]), {})}) for line in lines)
    return TableSpec(
        number=table["number"],
        sheet=table["sheet"],
        title=table["title"],
        vertical=table["vertical"],
        fields=fields,
    )


def _field(pack: Toml, line: Toml) -> FieldSpec:
    field_type = FieldType(line["type"])
    placeholder = pack["link_placeholder"] if line.get("link") else pack["placeholder"]
    return FieldSpec(
        label=line["label"],
        technical_name=line["name"],
        attribute=line.get("to", ""),
        type=field_type,
        need=Need(line["need"]),
        pattern=line.get("pattern", ""),
        code_list=line.get("list", ""),
        names=line.get("names", ""),
        many=line.get("many", False),
        absent=line.get("absent", ""),
        may_be_blank=line.get("blank", False),
        placeholder=placeholder,
        spacer_after=line.get("spacer", False),
        width=line.get("width", WIDTHS[field_type]),
    )


def _code_list(entry: Toml, emit: Mapping[str, str]) -> CodeList:
    return CodeList(
        values=tuple(entry["values"]),
        aliases=entry.get("aliases", {}),
        emit=emit,
        open=entry.get("open", False),
        also=entry.get("also", ""),
    )
