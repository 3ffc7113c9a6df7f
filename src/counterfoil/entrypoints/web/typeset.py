"""Templates in one language: a text whose key stands in a template is put in when the template is compiled.

Half of what a page says was looked up and escaped anew for every visitor. A text with facts, or with a key that is put
together, is still made where the page is drawn. Read next: `printer.py`.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from counterfoil import __version__
from counterfoil.entrypoints.language import Texts, spoken
from counterfoil.entrypoints.web.escaped import options

if TYPE_CHECKING:
    from jinja2 import Environment

TEXTS: Final = "t"
"""The name by which templates ask for a text; they call nothing else so."""
PARTS: Final = "parts/ui.html"
MADE: Final = "made_for_this_page"
"""Where a page keeps the parts that were made for it."""


@cache
def environment(language: str = "en") -> "Environment":
    """The templates in a language, compiled as they are asked for. Imported late: a server starts without them."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, Template, nodes
    from jinja2.environment import TemplateModule
    from jinja2.visitor import NodeTransformer

    texts = Texts(language)

    def said(key: nodes.Expr) -> nodes.Expr | None:
        """The text of a key that is known now, or of each of two keys between which the page chooses."""
        if isinstance(key, nodes.Const) and isinstance(key.value, str):
            return nodes.Const(texts(key.value), lineno=key.lineno)
        if isinstance(key, nodes.CondExpr) and key.expr2 is not None:
            one, other = said(key.expr1), said(key.expr2)
            if one is not None and other is not None:
                return nodes.CondExpr(key.test, one, other, lineno=key.lineno)
        return None

    class Typeset(NodeTransformer):
        def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  the library's name
            self.generic_visit(node)
            named = isinstance(node.node, nodes.Name) and node.node.name == TEXTS
            plain = len(node.args) == 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
            return (said(node.args[0]) if named and plain else None) or node

    class Page(Template):
        def make_module(
            self,
            vars: dict[str, Any] | None = None,  # noqa: A002  the library's name
            shared: bool = False,  # noqa: FBT001, FBT002  the library calls it so
            locals: Mapping[str, Any] | None = None,  # noqa: A002
        ) -> TemplateModule:
            """The general parts are made once for a page, whichever of its templates imports them."""
            kept: dict[str, TemplateModule] | None = (vars or {}).get(MADE) if self.name == PARTS else None
            if kept is None:
                return super().make_module(vars, shared, locals)
            if PARTS not in kept:
                kept[PARTS] = super().make_module(vars, shared, locals)
            return kept[PARTS]

    class Language(Environment):
        template_class = Page

        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            parsed: nodes.Template = Typeset().visit(super()._parse(source, name, filename))
            return parsed

    made = Language(
        loader=PackageLoader("counterfoil.entrypoints.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=400,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    made.globals.update(version=__version__, languages=spoken(), options_of=options)
    return made
