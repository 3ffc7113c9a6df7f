"""Somebody with a phone: it shows the digits that a server asks for, each once."""

import time
from dataclasses import dataclass

import pyotp
from playwright.sync_api import Page

PASSWORD = "seven grey herons stand"
STEP_SECONDS = 30


@dataclass
class Phone:
    """A phone that was told a secret. A server takes no code twice, so the next one is waited for."""

    secret: str
    last: str = ""

    def digits(self) -> str:
        code = pyotp.TOTP(self.secret)
        while code.now() == self.last:
            time.sleep(0.2)
        self.last = code.now()
        return self.last


def enrol(page: Page) -> tuple[Phone, list[str]]:
    """Choose a password and add a phone on the page that an invitation opens; gives phone and recovery codes."""
    phone = Phone(page.inner_text(".scan code").replace(" ", ""))
    page.fill("#password", PASSWORD)
    page.fill("#repeated", PASSWORD)
    page.fill("#code", phone.digits())
    page.click("#enrolling button[type=submit]")
    page.wait_for_selector(".codes")
    return phone, page.locator(".codes code").all_inner_texts()


def sign_in(page: Page, mail: str) -> None:
    """The first step, on the page that asks for it."""
    page.fill("#mail", mail)
    page.fill("#password", PASSWORD)
    page.click("#sign-in button[type=submit]")
    page.wait_for_selector("#by-code, #by-recovery")
