"""./dev/i18n: export the translation template, merge it into the translations.

Existing translations are kept, new entries come with an empty one, those that are gone are dropped.
"""

import argparse

from environment import translations
from environment.report import say


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="./dev/i18n", description=__doc__).parse_args(arguments)
    changed = translations.refresh()
    say(f"{translations.TEMPLATE.name}: {'written' if changed else 'unchanged'}")
    return 0
