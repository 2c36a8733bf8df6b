"""Translation files, read and written by polib.

python -m inside.po merge TEMPLATE.pot LANGUAGE.po     brings a translation up to its template
python -m inside.po check TEMPLATE.pot LANGUAGE.po     prints what is missing; status 1 if anything
"""

import sys
from pathlib import Path

import polib

KEPT_HEADERS = ("PO-Revision-Date", "Last-Translator", "Language-Team", "Language", "Plural-Forms")
PLURALS = {"zh_CN": "nplurals=1; plural=0;"}


def merge(template: Path, translation: Path) -> int:
    """Take the template's entries and comments, keep the translations, leave new ones empty."""
    pot = polib.pofile(str(template))
    old = polib.pofile(str(translation)) if translation.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    merged = polib.POFile()
    merged.header = pot.header
    language = translation.stem
    merged.metadata = {
        **pot.metadata,
        "Language": language,
        **({"Plural-Forms": PLURALS[language]} if language in PLURALS else {}),
        **{name: old.metadata[name] for name in KEPT_HEADERS if old.metadata.get(name)},
    }
    for entry in pot:
        before = known.get((entry.msgctxt, entry.msgid))
        if before:
            entry.msgstr = before.msgstr
            entry.flags = [flag for flag in {*entry.flags, *before.flags} if flag != "fuzzy"]
            if before.fuzzy:
                entry.flags.append("fuzzy")
        merged.append(entry)
    translation.parent.mkdir(exist_ok=True)
    merged.save(str(translation))
    empty = sum(not entry.msgstr for entry in merged)
    gone = len(known.keys() - {(entry.msgctxt, entry.msgid) for entry in pot})
    print(f"{translation.name}: {len(merged)} entries, {empty} to translate, {gone} removed")
    return 0


def check(template: Path, translation: Path) -> int:
    """Every entry of the template is translated, none is doubtful, none is left from before."""
    pot = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(template))}
    po = {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(str(translation))
        if not entry.obsolete
    }
    problems = [f"missing: {msgid!r}" for _, msgid in sorted(pot - po.keys(), key=str)]
    problems += [f"not in the template: {msgid!r}" for _, msgid in sorted(po.keys() - pot, key=str)]
    for entry in po.values():
        if entry.fuzzy:
            problems.append(f"fuzzy: {entry.msgid!r}")
        elif not entry.msgstr.strip():
            problems.append(f"not translated: {entry.msgid!r}")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    action, pot_path, po_path = sys.argv[1:]
    sys.exit({"merge": merge, "check": check}[action](Path(pot_path), Path(po_path)))
