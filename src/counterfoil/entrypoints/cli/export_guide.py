"""The README and the data dictionary of an export, in both languages, from the texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from counterfoil.application.command import Registry
from counterfoil.entrypoints.language import Texts

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "leaves": ("entry", "command", "leaf_hash"),
    "blocks": ("unit_class", "first", "last", "quantity", "first_id", "last_id", "account", "facts", "entry"),
    "records": ("kind", "key", "value", "entry"),
    "balances": ("book", "commodity", "account", "role", "amount"),
    "checkpoints": ("number", "entries", "frontier", "note"),
    "openings": ("entry", "field", "salt", "value"),
}
"""The columns of each table, in their order."""
_LEAF: Final = (
    "seq", "act", "command", "content", "at", "on", "by", "moves", "facts", "posts", "records", "details", "because",
    "corrects", "backdated", "follows", "sealed",
)  # fmt: skip
_TYPES: Final = {
    "entry": "integer", "first": "integer", "last": "integer", "quantity": "integer", "amount": "integer",
    "number": "integer", "entries": "integer", "seq": "integer", "corrects": "integer", "facts": "json",
    "value": "json", "moves": "json", "posts": "json", "records": "json", "details": "json", "follows": "json",
    "sealed": "json", "on": "date", "at": "datetime", "leaf_hash": "hex", "content": "hex", "frontier": "hex",
    "salt": "hex",
}  # fmt: skip
_FILES: Final = (
    "journal.ndjson", "leaves", "blocks", "records", "balances", "checkpoints", "openings", "evidence", "registry.pub",
    "dictionary.csv", "SHA256SUMS",
)  # fmt: skip


def guide(registry: Registry, languages: Sequence[Texts]) -> str:
    """The README: what each file is, and how to check the whole without this program."""
    parts = []
    for texts in languages:
        lines = [f"# {texts('export.title', registry=registry.registry, name=registry.name)}", ""]
        if registry.demonstration:
            lines += [f"**{texts('cli.demonstration')}**", ""]
        lines += [texts("export.intro"), ""]
        lines += [f"- `{name}`: {texts(f'export.file.{name}')}" for name in _FILES]
        lines += ["", texts("export.check"), ""]
        parts.append("\n".join(lines))
    return "\n".join(parts)


def dictionary_rows(languages: Sequence[Texts]) -> Iterator[list[str]]:
    """Table, column, type and the meaning in each language."""
    yield ["table", "column", "type", *(texts.language for texts in languages)]
    for table, columns in {"journal": _LEAF, **TABLES}.items():
        for column in columns:
            stem = "leaf" if table == "journal" else table
            meanings = [texts(f"export.column.{stem}.{column}") for texts in languages]
            yield [table, column, _TYPES.get(column, "text"), *meanings]
