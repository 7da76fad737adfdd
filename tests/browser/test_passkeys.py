"""Passkeys in a real browser with a virtual authenticator: added, used alone, as a second step, and to confirm."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, sign_in
from tests.factories import PASSWORD, UserFactory


def authenticator(page: Page) -> None:
    """Plug in a passkey device that recognises its owner, and stays plugged in for this page."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_from_adding_it_to_signing_in_with_it_alone(visit: Visit) -> None:
    ana = UserFactory(username="ana")
    page = visit(ana, "/settings/security/")
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    authenticator(page)

    page.get_by_role("link", name="Add a passkey").click()
    page.fill("#id_password", PASSWORD)  # first: is it you?
    page.get_by_role("button", name="Go on").click()
    page.fill("#id_name", "My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    stored = Authenticator.objects.get(user=ana, type="webauthn").wrap()
    assert (stored.name, stored.is_passwordless) == ("My phone", True)

    def sign_out() -> None:
        page.goto("/account/logout/")
        page.locator("main").get_by_role("button", name="Sign out").click()
        page.wait_for_url(lambda url: "logout" not in url)

    # Alone, without handle and password.
    sign_out()
    page.goto("/account/login/?next=/studio/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/account/" not in url and "/studio/" in url)

    # As the second step after the password.
    sign_out()
    sign_in(page, ana)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda url: "/account/" not in url)

    # Before a change, in place of the password.
    page.goto("/settings/security/tokens/new/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="New API token")).to_be_visible()
    assert refused == []


def test_without_a_fitting_passkey_it_says_so(visit: Visit) -> None:
    page = visit(None, "/account/login/")
    authenticator(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("no passkey fitted")
