"""An officer finds an act, sees its effect, signs it; a colleague approves another; both on a desk and on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from counterfoil.entrypoints.http.office.door import COOKIE
from tests.browser.acts.officers import Staffed
from tests.browser.window import Windows
from tests.http.desk import HELD, OTHER
from tests.office.stage import PASSWORD

Shot = Callable[[Page, str], Path]
Axe = Callable[[Page], list[str]]
SEE = "form[data-keep] .actions button:not([name])"


@pytest.mark.parametrize("look", ["en desktop", "zh-Hant phone"])
def test_an_officer_transfers_units_after_seeing_the_effect(
    desk: Staffed, page_for: Windows, shot: Shot, axe: Axe, look: str
) -> None:
    language, size = look.split()
    first = 1 if language == "en" else 101
    page = page_for(language, size)
    desk.anna.enter(page)
    page.goto(desk.at(f"/desk/acts?lang={language}"))
    assert not axe(page)
    shot(page, "acts")
    page.fill("#acts-text", "Transfer units at home" if language == "en" else "境內移轉單位")
    expect(page.locator("#acts li")).to_have_count(1)
    page.click("#acts a")
    assert not axe(page)
    for name, value in (("unit_class", "BR-#"), ("first", str(first)), ("last", str(first + 9))):
        page.fill(f'[name="f.units.{name}"]', value)
    page.fill('[name="f.source"]', HELD)
    page.fill('[name="f.target"]', "tha:nobody")
    page.click(SEE)
    expect(page.locator('[id="f.target-wrong"]')).to_be_visible()
    assert page.input_value('[name="f.source"]') == HELD
    assert not axe(page)
    shot(page, "act-wrong")
    page.fill('[name="f.target"]', OTHER)
    page.click(SEE)
    held = 3_000 if language == "en" else 2_990
    expect(page.locator("main")).to_contain_text(f"{held:,}")
    expect(page.locator("main")).to_contain_text(f"{held - 10:,}")
    assert not axe(page)
    shot(page, "act-look")
    page.dblclick("button[value=sign]")
    page.wait_for_url("**/desk/receipts/*")
    expect(page.locator("main")).to_contain_text(desk.anna.person)
    assert not axe(page)
    shot(page, "receipt")
    page.goto(desk.at("/desk/acts/Transfer"))
    assert page.input_value('[name="f.source"]') == "", "a form that was done is not offered again"


@pytest.mark.parametrize("look", ["en phone", "zh-Hant desktop"])
def test_a_colleague_finds_the_task_and_approves_what_is_seen(
    desk: Staffed, page_for: Windows, shot: Shot, axe: Axe, look: str
) -> None:
    language, size = look.split()
    page = page_for(language, size, "dark")
    desk.anna.enter(page)
    page.goto(desk.at(f"/desk/acts/OpenAccount?account=tha:{size}&holder=E-1&lang={language}"))
    page.click(SEE)
    page.fill("#why", "新客戶 <b>new</b>")
    shot(page, "act-second-person")
    page.click("button[value=propose]")
    page.wait_for_url("**/desk/proposals/*")
    other = page_for(language, size)
    desk.bela.enter(other)
    other.goto(desk.at(f"/desk/tasks?lang={language}"))
    expect(other.locator(".count")).to_contain_text("1")
    assert not axe(other)
    shot(other, "tasks")
    other.click(".tasks a")
    expect(other.locator("main")).to_contain_text("新客戶 <b>new</b>")
    assert not axe(other)
    shot(other, "proposal")
    other.click("button[value=approve]")
    other.wait_for_url("**/desk/receipts/*")
    expect(other.locator("main")).to_contain_text(desk.bela.person)
    other.goto(desk.at(f"/desk/proposals?lang={language}"))
    assert not axe(other)
    shot(other, "proposals")


def test_a_form_works_without_script(desk: Staffed, page_for: Windows, shot: Shot) -> None:
    page = page_for(script=False)
    desk.anna.enter(page)
    page.goto(desk.at("/desk/acts/ProposeActivity"))
    page.fill('[name="f.title"]', "Buses")
    page.click('[value="add:f.expected"]')
    page.fill('[name="f.expected.0.year"]', "2027")
    page.click('[value="add:f.expected"]')
    assert page.input_value('[name="f.expected.0.year"]') == "2027"
    assert page.input_value('[name="f.title"]') == "Buses"
    page.click('[value="drop:f.expected.0"]')
    expect(page.locator('[name="f.expected.0.year"]')).to_have_count(0)
    expect(page.locator('[name="f.expected.1.year"]')).to_have_count(1)
    shot(page, "act-rows")
    page.click("button[value=draft]")
    expect(page.locator(".tasks")).to_contain_text("Buses")
    page.click(".tasks a")
    assert page.input_value('[name="f.title"]') == "Buses"


def test_rows_are_added_without_leaving_the_page_where_script_runs(desk: Staffed, page_for: Windows) -> None:
    page = page_for()
    desk.anna.enter(page)
    page.goto(desk.at("/desk/acts/ProposeActivity"))
    page.evaluate("window.stayed = true")
    page.fill('[name="f.title"]', "Boats")
    page.click('[value="add:f.expected"]')
    page.fill('[name="f.expected.0.year"]', "2028")
    page.click('[value="add:f.expected"]')
    expect(page.locator('[name="f.expected.1.year"]')).to_have_count(1)
    assert page.input_value('[name="f.title"]') == "Boats"
    assert page.input_value('[name="f.expected.0.year"]') == "2028"
    assert page.evaluate("window.stayed") is True


def test_what_was_typed_is_there_again_after_the_tab_was_closed_by_mistake(desk: Staffed, page_for: Windows) -> None:
    page = page_for()
    desk.anna.enter(page)
    page.goto(desk.at("/desk/acts/RegisterEntity"))
    page.fill('[name="f.name"]', "Half of it")
    page.goto(desk.at("/desk/tasks"))
    page.goto(desk.at("/desk/acts/RegisterEntity"))
    assert page.input_value('[name="f.name"]') == "Half of it"
    expect(page.locator("[data-restored]")).to_be_visible()
    page.goto(desk.at("/desk/acts/RegisterEntity?entity=9"))
    assert page.input_value('[name="f.name"]') == "", "it belongs to another form"


def test_a_field_offers_what_fits_while_somebody_types(desk: Staffed, page_for: Windows) -> None:
    page = page_for()
    desk.anna.enter(page)
    page.goto(desk.at("/desk/acts/Transfer"))
    with page.expect_response("**/desk/choices/account*") as answer:
        page.locator('[name="f.target"]').press_sequentially("trad")
    assert answer.value.status == 200
    expect(page.locator("#choices-account option")).to_have_count(1)
    assert page.locator("#choices-account option").get_attribute("value") == OTHER


@pytest.mark.parametrize("look", ["en desktop", "zh-Hant phone"])
def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(
    desk: Staffed, page_for: Windows, shot: Shot, axe: Axe, look: str
) -> None:
    language, size = look.split()
    officer = desk.anna if language == "en" else desk.bela
    page = page_for(language, size)
    officer.enter(page)
    page.goto(desk.at(f"/desk/acts/RegisterEntity?lang={language}"))
    page.fill('[name="f.name"]', "Clean <Mobility>")
    page.fill('[name="f.entity"]', f"01055-{size}")
    page.fill('[name="f.country"]', "THA")
    page.context.clear_cookies(name=COOKIE)
    page.click(SEE)
    expect(page.locator("#session-over")).to_be_visible()
    assert not axe(page)
    shot(page, "session-over")
    page.click("#session-over button")
    page.fill("#mail", officer.mail)
    page.fill("#password", PASSWORD)
    page.click("#sign-in button[type=submit]")
    page.click("details.help summary")
    page.fill("#recovery", officer.recovery)
    page.click("#by-recovery button")
    page.click("#kept button")
    assert page.input_value('[name="f.name"]') == "Clean <Mobility>"
    assert page.input_value('[name="f.entity"]') == f"01055-{size}"
    assert not axe(page)
    shot(page, "form-again")
    page.click(SEE)
    page.click("button[value=sign]")
    page.wait_for_url("**/desk/receipts/*")
    expect(page.locator("main")).to_contain_text(officer.person)
