"""Take pictures of pages of a running Odoo. See ./dev/pictures --help.

Prints what the pages' own consoles complain about, and then exits with 1: a picture of a page that
is broken underneath is worth knowing about.
"""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from commands import pictures as command
from environment import system_packages

CLIENT_READY = ".o_action_manager > *, .o_home_menu"
"""In the web client a page is there when its action is; the network never falls silent (bus)."""
BUSY = ".o_loading_indicator, .o_skeleton, .o_view_sample_data .o_loading"
# Odoo Community builds the dark styles but never asks for them: its ir.http says "light".
USE_DARK_STYLES = """
new MutationObserver(() => {
    for (const link of document.querySelectorAll('link[href$="/web.assets_web.min.css"]')) {
        link.href = "/web/assets/any/web.assets_web_dark.min.css";
    }
}).observe(document, {childList: true, subtree: true});
"""
SECONDS = 1000
FLAGS = (
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-dev-shm-usage",  # containers often have only 64 MB there
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)


class Shot(NamedTuple):
    name: str
    path: str


def shot(text: str) -> Shot:
    name, separator, path = text.partition("=")
    if not (separator and re.fullmatch(r"[\w.-]+", name) and path.startswith("/")):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=/PATH")
    return Shot(name, path)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev/pictures",
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shots", nargs="+", type=shot, metavar="NAME=PATH")
    parser.add_argument("--base", default="http://127.0.0.1:8069", help="address (%(default)s)")
    parser.add_argument("--login", default="admin", help="empty: without logging in")
    parser.add_argument("--password", help="default: the login")
    parser.add_argument("--lang", default="en_US", help="language of the user and the browser")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--scale", type=float, default=1, help="device pixels for each CSS pixel")
    parser.add_argument(
        "--full", action="store_true", help="the whole page, not only its first screen"
    )
    parser.add_argument("--dark", action="store_true", help="the dark colour scheme")
    parser.add_argument("--click", action="append", default=[], metavar="SELECTOR")
    parser.add_argument("--wait", action="append", default=[], metavar="SELECTOR")
    parser.add_argument("--hover", metavar="SELECTOR", help="leave the pointer there")
    parser.add_argument(
        "--settle", type=float, default=1, help="seconds to wait before the picture"
    )
    parser.add_argument("--timeout", type=float, default=60, help="seconds a page may take")
    parser.add_argument(
        "--out", type=Path, default=Path(os.environ.get("CUSTOMER_SUCCESS_PICTURES", "pictures"))
    )
    return parser.parse_args()


def main() -> int:
    chosen = options()
    browser_path = system_packages.chromium()
    if browser_path is None:
        sys.exit("✗ Chromium is not installed.")
    chosen.out.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(browser_path), args=list(FLAGS))
        context = browser.new_context(
            viewport={"width": chosen.width, "height": chosen.height},
            device_scale_factor=chosen.scale,
            locale=chosen.lang.replace("_", "-"),
            color_scheme="dark" if chosen.dark else "light",
        )
        context.set_default_timeout(chosen.timeout * SECONDS)
        page = context.new_page()
        if chosen.dark:
            page.add_init_script(USE_DARK_STYLES)
        listen(page, complaints)
        try:
            prepare(context, page, chosen)
            for each in chosen.shots:
                print(take(page, each, chosen))
        except Error as error:
            complaints.append(error.message.splitlines()[0])
        browser.close()
    for complaint in dict.fromkeys(complaints):
        print(f"✗ {complaint[:600]}", file=sys.stderr)
    return 1 if complaints else 0


def listen(page: Page, complaints: list[str]) -> None:
    """Collect what the page reports as an error, in its console or by an exception."""
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))


def prepare(context: BrowserContext, page: Page, chosen: argparse.Namespace) -> None:
    """Cookies for colour scheme and language; then log in."""
    cookies = {"color_scheme": "dark" if chosen.dark else "light", "frontend_lang": chosen.lang}
    context.add_cookies([{"name": n, "value": v, "url": chosen.base} for n, v in cookies.items()])
    if not chosen.login:
        return
    page.goto(f"{chosen.base}/web/login")
    page.fill("input[name=login]", chosen.login)
    page.fill("input[name=password]", chosen.password or chosen.login)
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_load_state("load")
    if "/web/login" in page.url:
        sys.exit(f"✗ {chosen.login} cannot log in with this password.")
    speak(page, chosen.lang)


def speak(page: Page, language: str) -> None:
    """Set the user's own language, which the web client follows; the browser's it ignores."""
    installed = [code for code, _ in call(page, "res.lang", "get_installed", [])]
    if language not in installed:
        install_language(page, language)
    user = rpc(page, "/web/session/get_session_info", {})["uid"]
    call(page, "res.users", "write", [[user], {"lang": language}])


def install_language(page: Page, language: str) -> None:
    """Through the running server, so that it knows at once."""
    every = {"context": {"active_test": False}}
    found = call(page, "res.lang", "search_read", [[("code", "=", language)], ["code"]], **every)
    if not found:
        sys.exit(f"✗ Odoo knows no language {language}.")
    print(f"installing the language {language}")
    # Activated in a request of its own: loading translations looks the language up in a cache.
    call(page, "res.lang", "write", [[found[0]["id"]], {"active": True}])
    wizard = {"lang_ids": [(6, 0, [found[0]["id"]])], "overwrite": False}
    [number] = call(page, "base.language.install", "create", [[wizard]], **every)
    call(page, "base.language.install", "lang_install", [[number]], **every)


def call(page: Page, model: str, method: str, arguments: list[Any], **keywords: Any) -> Any:
    """Call a method of a model as the web client would."""
    parameters = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
    return rpc(page, f"/web/dataset/call_kw/{model}/{method}", parameters)


def rpc(page: Page, path: str, parameters: dict[str, Any]) -> Any:
    origin = "/".join(page.url.split("/")[:3])
    body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
    answer = page.request.post(origin + path, data=body).json()
    if error := answer.get("error"):
        sys.exit(f"✗ {path}: {(error.get('data') or {}).get('message') or error.get('message')}")
    return answer["result"]


def take(page: Page, each: Shot, chosen: argparse.Namespace) -> Path:
    page.goto(chosen.base + each.path)
    if each.path.startswith("/odoo"):
        page.wait_for_selector(CLIENT_READY)
    for selector in chosen.wait:
        page.wait_for_selector(selector)
    for selector in chosen.click:
        page.click(selector)
    if chosen.hover:
        page.hover(chosen.hover)
    page.wait_for_function(f"!document.querySelector('{BUSY}')")
    page.wait_for_timeout(chosen.settle * SECONDS)
    target = chosen.out / f"{each.name}.png"
    page.screenshot(path=target, full_page=chosen.full)
    return target


if __name__ == "__main__":
    sys.exit(main())
