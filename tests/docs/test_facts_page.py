"""The page of facts says what the classes say."""

from docs.facts_page import PAGE, page


def test_the_page_of_facts_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "to mend: python tests/docs/facts_page.py"
