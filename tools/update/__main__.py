"""Write every generated page of docs/reference again: `python -m tools.update`."""

from tools.update import (
    checks_page,
    commands_page,
    fault_pages,
    federation_files,
    glossary_page,
    pack_pages,
    permissions_page,
    requirements_of_laws,
    requirements_page,
    transfer_checks_page,
)

if __name__ == "__main__":
    for module in (
        checks_page,
        commands_page,
        glossary_page,
        permissions_page,
        requirements_page,
        requirements_of_laws,
        transfer_checks_page,
    ):
        module.PAGE.write_text(module.page(), encoding="utf-8")
    requirements_page.PROVISIONS.write_text(requirements_page.provisions_page(), encoding="utf-8")
    fault_pages.PAGE.write_text(fault_pages.current(), encoding="utf-8")
    pack_pages.write()
    federation_files.write()
