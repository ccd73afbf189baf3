"""Every term of our addons is in Chinese, in the writing of the mainland and of Taiwan.

A landing with new words fails here, with the list. What to do then: export, translate, run again.

    setup/odoo i18n loadlang -d DB -l zh_CN zh_TW
    setup/odoo i18n export -d DB -l pot zh_CN zh_TW -- kam_management kam_scoring kam_reports

The glossary is in the files: look how a word is rendered already before you render it anew.
"""
import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from conftest import environment

from odoo.tests.common import get_db_name
from odoo.tools.translate import TranslationModuleReader

TOP = Path(__file__).resolve().parent.parent
ADDONS = ("kam_management", "kam_scoring", "kam_reports")
LANGUAGES = ("zh_CN", "zh_TW")
# Said alike in Chinese: abbreviations, an expression, and names in the samples of dashboards.
AS_IS = {"ID", "KPI", "object.display_name", "Marc Demo", "Mitchell Admin"}
# Words that mean something else in another addon: who holds a seat now, and which score counts now.
DEPENDS_ON_ADDON = {"Current", "Is Current"}
# %s, %(name)s and %% of Python, and tags of views with all but what a reader sees of them.
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf%]")
TAG = re.compile(r"<[^>]*>")
SHOWN = re.compile(r'\b(title|alt|placeholder|aria-label)="[^"]*"')
HAN = re.compile("[\u4e00-\u9fff]")
# Names of demo companies, products and people stay what they are; so does what the demo company wants of a tier.
DEMO = re.compile(r"\w,\w+:\w+\.demo_|kam\.tier,(criteria|promise):")

by_addon = pytest.mark.parametrize("addon", ADDONS)
by_language = pytest.mark.parametrize("language", LANGUAGES)


def terms(addon, name):
    """{msgid: entry} of a file in the i18n folder of an addon."""
    return {
        entry.msgid: entry for entry in polib.pofile(str(TOP / addon / "i18n" / name))
        if not entry.obsolete and not all(DEMO.search(place) for place, _line in entry.occurrences)}


def listed(problems):
    return "\n".join(f"  {problem!r}" for problem in sorted(problems))


def is_worded(term):
    """Whether there is anything to translate: more than placeholders and figures."""
    return term not in AS_IS and any(map(str.isalpha, PLACEHOLDER.sub("", term)))


def skeleton(text):
    """What a translation must not change: placeholders in any order, tags, and the paragraphs."""
    tags = [SHOWN.sub("", tag) for tag in TAG.findall(text)]
    return Counter(PLACEHOLDER.findall(text)), tags, text.count("\n\n")


@by_language
@by_addon
def test_each_term_is_translated(addon, language):
    template, translated = terms(addon, f"{addon}.pot"), terms(addon, f"{language}.po")
    missing = [
        term for term in template
        if term not in translated or not translated[term].msgstr or translated[term].fuzzy
        or translated[term].msgstr == term and is_worded(term)]
    assert not missing, f"{addon}/i18n/{language}.po lacks:\n{listed(missing)}"
    assert not translated.keys() - template.keys(), (
        f"{addon}/i18n/{language}.po has terms that are gone:\n{listed(translated.keys() - template.keys())}")


@by_language
@by_addon
def test_translations_keep_placeholders_and_tags(addon, language):
    broken = [
        entry.msgid for entry in terms(addon, f"{language}.po").values()
        if skeleton(entry.msgid) != skeleton(entry.msgstr)]
    assert not broken, f"{addon}/i18n/{language}.po has other placeholders, tags or paragraphs in:\n{listed(broken)}"


@by_language
@by_addon
def test_translations_are_chinese(addon, language):
    english = [
        entry.msgstr for entry in terms(addon, f"{language}.po").values()
        if entry.msgstr and not HAN.search(entry.msgstr) and is_worded(entry.msgid)]
    assert not english, f"{addon}/i18n/{language}.po has no Chinese in:\n{listed(english)}"
    assert polib.pofile(str(TOP / addon / "i18n" / f"{language}.po")).metadata["Language"] == language


def test_one_word_has_one_translation():
    """A term is rendered alike in all addons: people see them on one screen."""
    for language in LANGUAGES:
        rendered = {}
        for addon in ADDONS:
            for term, entry in terms(addon, f"{language}.po").items():
                rendered.setdefault(term, {}).setdefault(entry.msgstr, addon)
        differing = {
            term: found for term, found in rendered.items() if len(found) > 1 and term not in DEPENDS_ON_ADDON}
        assert not differing, f"{language} renders differently:\n{listed(differing.items())}"


@by_addon
def test_template_is_current(addon):
    """The .pot file is what Odoo finds in the addon as it is installed in the database of the tests."""
    with environment(get_db_name()) as env:
        found = {
            source.strip()
            for module, _kind, name, xml_id, source, _value, _comments
            in TranslationModuleReader(env.cr, modules=[addon])
            if module == addon and not DEMO.search(f"{name}:{xml_id}")}
    template = {term.strip() for term in terms(addon, f"{addon}.pot")}
    assert not found - template, f"New terms, not in {addon}.pot yet:\n{listed(found - template)}"
    assert not template - found, f"{addon}.pot has terms that are gone:\n{listed(template - found)}"
