"""English that is left in Chinese texts."""

import re

NAMES = {"YAML", "JSON", "CSV", "UTF", "GBK", "MB"}
_CODE = re.compile(r"`[^`]*`|\S+\.yaml:[0-9]+|U\+[0-9A-F]+")


def english_words(text):
    """The English words outside backticks, places and names."""
    return set(re.findall("[A-Za-z]+", _CODE.sub("", text))) - NAMES


def english_left(diagnostics):
    """The messages and helps that are not wholly in Chinese, each with its Chinese."""
    said = [(each, each.translated("zh")) for each in diagnostics]
    texts = [(one.message, two.message) for one, two in said] + [(one.help, two.help) for one, two in said if one.help]
    return {english: chinese for english, chinese in texts if english_words(chinese)}
