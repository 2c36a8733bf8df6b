"""The translation template says what the code says, and the Chinese translation is complete."""

import difflib

from environment import paths, translations

from . import Options

TITLE = "i18n: template up to date, translations complete"
REMEDY = "run ./dev/i18n, translate what is new, commit"
SHOWN_DIFFERENCES = 20


def run(options: Options) -> list[str]:
    exported = translations.export()
    if not translations.TEMPLATE.exists():
        return [f"there is no {translations.TEMPLATE.relative_to(paths.REPOSITORY)}: {REMEDY}"]
    before = translations.undated(translations.TEMPLATE)
    differences = list(
        difflib.unified_diff(before, translations.undated(exported), "committed", "code", "", "", 1)
    )
    if differences:
        shown = differences[:SHOWN_DIFFERENCES]
        return ["\n  ".join([f"{translations.TEMPLATE.name} is behind the code: {REMEDY}", *shown])]
    return [problem for language in translations.LANGUAGES for problem in _translation(language)]


def _translation(language: str) -> list[str]:
    name = f"i18n/{language}.po"
    if not (paths.REPOSITORY / name).exists():
        return [f"there is no {name}: {REMEDY}"]
    done = translations.po("check", language, quiet=True)
    if done.returncode == 0:
        return []
    lines = done.stdout.splitlines() or done.stderr.splitlines()[-3:]
    return [f"{name}: {line}" for line in lines]
