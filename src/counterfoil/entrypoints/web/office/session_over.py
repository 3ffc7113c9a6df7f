"""A form that was sent after its session had ended: who sent it is asked to sign in, and loses nothing."""

from typing import Any

from counterfoil.entrypoints.web.office.kept import kept_fields, kept_path, of_another
from counterfoil.entrypoints.web.page import Shown
from counterfoil.entrypoints.web.visit import Visit

UNAUTHORIZED = 401


def over(visit: Visit, *, kept: bool) -> Shown:
    """The page that asks to sign in. With `kept`, the form comes along and is shown again afterwards.

    Without it, signing in leads back to the page that the form stood on.
    """
    return Shown("office/session_over.html", _facts(visit, kept=kept), status=UNAUTHORIZED, kept=False)


def again(visit: Visit) -> Shown:
    """The page of somebody who signed in anew meanwhile, in another tab: one button brings the form back."""
    others = of_another(visit.form.fields, visit.typed_by)
    facts = {**_facts(visit, kept=not others), "others": others}
    return Shown("office/signed_in_anew.html", facts, status=UNAUTHORIZED, kept=False)


def _facts(visit: Visit, *, kept: bool) -> dict[str, Any]:
    path = kept_path(visit.request.url.path, dict(visit.query))
    found = kept_fields(visit.form) if kept else ()
    return {"path": path, "fields": found, "files": sorted(visit.form.files)}
