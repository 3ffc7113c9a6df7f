"""Pages for people: rendered on the server from templates, in every language, usable without script.

Read `page.py` (what a page is), `visit.py` (one request), `printer.py` (templates to HTML), then any page of `portal/`.
Source: ADR-0038, ADR-0039.
"""
