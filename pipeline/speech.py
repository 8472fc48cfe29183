"""The language that click itself speaks: «Cách dùng», «Tùy chọn», «Lỗi» instead of Usage, Options, Error."""

import gettext
import os
from pathlib import Path

DOMAIN = "tdkt"  #: names the catalogue pipeline/locale/vi/LC_MESSAGES/tdkt.mo
LOCALE = Path(__file__).with_name("locale")


def speak_vietnamese() -> None:
    """Make gettext, and so click, answer in Vietnamese, whatever the language of the machine.

    Call it before commands are declared: click fixes some words (the help of `--version`, the names of path
    types) when a decorator runs. Programs started later inherit LANGUAGE. Click cannot translate `[OPTIONS]`,
    `COMMAND [ARGS]...`, `INTEGER`, `TEXT` (give metavars instead), nor `(env var: …)` in an error about an
    option with `show_envvar`.
    """
    os.environ["LANGUAGE"] = "vi"
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
