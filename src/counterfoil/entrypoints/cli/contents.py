"""Commands whose help is laid out as a table of contents, in the reader's language.

Commands are built by functions that take the texts, when they are asked for, and not at import: the language is known
only then, and a command's libraries are loaded only when it runs.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.columns import GAP, padded, width, wrapped
from counterfoil.entrypoints.cli.screen import Screen
from counterfoil.entrypoints.cli.usage import Misused, OneOf, UsageFault, nearest
from counterfoil.entrypoints.language import Texts, spoken

HELP_COLUMNS: Final = 80
Build = Callable[[Texts], click.Command]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: its screen, and the folder of its registry."""

    screen: Screen
    directory: Path


Run = Callable[..., int]
"""The body of a command: the desk and its parameters in, the exit status out."""


class Command(click.Command):
    """One command. `topic` is the stem of its text keys: `cli.init` has `.help`, and one key for each parameter."""

    def __init__(self, texts: Texts, topic: str, run: Run, params: Sequence[click.Parameter] = ()) -> None:
        self.texts = texts
        self.topic = topic
        super().__init__(
            topic.rpartition(".")[2],
            params=[*params, *common(texts)],
            callback=_told(texts, run),
            context_settings={"allow_extra_args": True, "help_option_names": ["--help", "-h"]},
        )

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.args:
            raise Misused(Refusal(UsageFault.ARGUMENT_EXTRA, {"argument": ctx.args[0][:80]}), ctx)
        return super().invoke(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.texts)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        texts = self.texts
        first, *rest = wrapped(texts("cli.usage", command=_usage(self, ctx)), HELP_COLUMNS - 2 * GAP)
        lines = [first, *(f"{' ' * 2 * GAP}{line}" for line in rest), ""]
        lines += _paragraphs(texts(f"{self.topic}.help"))
        own = [param for param in self.params if param.name not in COMMON]
        arguments = [param for param in own if isinstance(param, click.Argument)]
        options = [param for param in own if isinstance(param, click.Option)]
        lines += _section(texts("cli.arguments"), [_described(self, param) for param in arguments])
        lines += _section(texts("cli.options"), [_described(self, param) for param in options])
        lines += _section(texts("cli.everywhere"), list(_common_rows(texts)))
        formatter.write("\n".join(lines) + "\n")


class Contents(click.Group):
    """A group of commands under headings. Each is built when it is asked for."""

    def __init__(
        self,
        texts: Texts,
        topic: str,
        sections: Mapping[str, Sequence[str]],
        build: Callable[[str], Build],
        params: Sequence[click.Parameter] = (),
    ) -> None:
        self.texts = texts
        self.topic = topic
        self.sections = sections
        self._build = build
        super().__init__(
            topic.rpartition(".")[2],
            params=[*params, *common(texts)],
            callback=_remembered,
            no_args_is_help=False,
            invoke_without_command=True,
            context_settings={"help_option_names": ["--help", "-h"]},
        )

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(dict.fromkeys(line.split()[0] for names in self.sections.values() for line in names))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._build(cmd_name)(self.texts) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None:
            facts = {"command": name[:80], "known": nearest(name[:80], self.list_commands(ctx))}
            raise Misused(Refusal(UsageFault.COMMAND_UNKNOWN, facts), ctx)
        return name, command, args[1:]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.texts)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        texts = self.texts
        lines = [*_paragraphs(texts(f"{self.topic}.help")), ""]
        lines.append(texts("cli.usage", command=f"{ctx.command_path} {texts('cli.command_and_options')}"))
        places = max(width(line) for names in self.sections.values() for line in names)
        for section, names in self.sections.items():
            rows = [(name, texts(f"{self.topic}.{name.replace(' ', '.')}.short")) for name in names]
            lines += _section(texts(section), rows, places=places)
        own = [param for param in self.params if param.name not in COMMON]
        lines += _section(texts("cli.options"), [_described(self, param) for param in own])
        lines += _section(texts("cli.everywhere"), list(_common_rows(texts)))
        formatter.write("\n".join(lines) + "\n")


COMMON: Final = frozenset({"directory", "as_json", "lang"})
HERE: Final = "."
"""A default that would be read as a full stop: the current folder."""
_STOPS: Final = (".", "。", "!", "！", "?", "？", ")", "）")
"""What may stand before the next sentence, in either language."""


def common(texts: Texts) -> list[click.Parameter]:
    """The options that every command takes, before or after its name."""
    return [
        click.Option(["--dir", "directory"], metavar=texts("cli.place.dir"), envvar=None),
        click.Option(["--json", "as_json"], is_flag=True),
        click.Option(["--lang", "lang"], type=OneOf(*spoken())),
    ]


def _common_rows(texts: Texts) -> Iterator[tuple[str, str]]:
    yield f"--dir {texts('cli.place.dir')}", texts("cli.common.dir")
    yield "--json", texts("cli.common.json")
    yield f"--lang {'|'.join(spoken())}", texts("cli.common.lang")
    yield "--help", texts("cli.common.help")


def _remembered(directory: str | None, lang: str | None, *, as_json: bool, **_: Any) -> int:
    """A group keeps what was said before the command's name; without a name it shows its contents."""
    del lang  # it is read before the arguments are parsed: language.chosen_language
    context = click.get_current_context()
    earlier: dict[str, Any] = context.obj or {}
    context.obj = {"directory": directory or earlier.get("directory"), "as_json": as_json or earlier.get("as_json")}
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0


def _told(texts: Texts, run: Run) -> Callable[..., int]:
    """The callback of a command: common options become the desk."""

    def callback(directory: str | None, lang: str | None, *, as_json: bool, **parameters: Any) -> int:
        del lang
        context = click.get_current_context()
        earlier: dict[str, Any] = context.obj or {}
        chosen = directory or earlier.get("directory") or os.environ.get("COUNTERFOIL_DIR") or HERE
        screen = Screen(texts, as_json=bool(as_json or earlier.get("as_json")))
        return run(Desk(screen, Path(chosen)), **parameters)

    return callback


def _help_option(option: click.Option | None, texts: Texts) -> click.Option | None:
    if option is not None:
        option.help = texts("cli.common.help")
    return option


def _usage(command: Command, ctx: click.Context) -> str:
    parts = [ctx.command_path]
    options = [param for param in command.params if isinstance(param, click.Option) and param.name not in COMMON]
    parts += [_signature(param) for param in options if param.required]
    if any(not param.required for param in options):
        parts.append(command.texts("cli.optional"))
    for param in command.params:
        if isinstance(param, click.Argument):
            parts.append(param.make_metavar(ctx))
    return " ".join(parts)


def _signature(param: click.Parameter) -> str:
    name = max(param.opts, key=len)
    if isinstance(param, click.Option) and (param.is_flag or param.count):
        return name
    return f"{name} {param.metavar or param.type.name}"


def _described(command: Command | Contents, param: click.Parameter) -> tuple[str, str]:
    texts = command.texts
    text = texts(f"{command.topic}.{param.name}")
    if not text.endswith(_STOPS):
        text = texts("cli.stopped", text=text)
    if isinstance(param, click.Argument):
        return (param.metavar or str(param.name).upper()), text
    if param.required:
        text = texts("cli.required", text=text)
    elif param.default == HERE:
        text = texts("cli.default.here", text=text)
    elif isinstance(param, click.Option) and isinstance(param.default, str | int) and not param.is_flag:
        # An empty default means that nothing was asked for; the text says what that does.
        text = text if param.default == "" else texts("cli.default", text=text, default=param.default)
    return _signature(param), text


def _section(title: str, rows: Sequence[tuple[str, str]], *, places: int = 0) -> list[str]:
    """A heading and its rows; the second column is wrapped and hangs."""
    if not rows:
        return []
    places = max(places, *(width(name) for name, _ in rows))
    lines = ["", title]
    for name, text in rows:
        first, *rest = wrapped(text, HELP_COLUMNS - places - 2 * GAP)
        lines.append(f"{' ' * GAP}{padded(name, places)}{' ' * GAP}{first}".rstrip())
        lines += [f"{' ' * (places + 2 * GAP)}{line}" for line in rest]
    return lines


def _paragraphs(text: str) -> list[str]:
    """Paragraphs wrapped; lines that begin with a space stand as they are, for examples."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines += [line] if line.startswith(" ") else wrapped(line, HELP_COLUMNS)
    return lines
