"""The handbook of the bundled rules: HTML in English and Chinese, with a form that decides a card in the browser."""

from pathlib import Path

import dxrules

FOLDER = Path(__file__).resolve().parent.parent / "site-handbook"


def main() -> None:
    """Write the handbook and say where it is."""
    index = dxrules.write_handbook(dxrules.default_rulebook(), FOLDER)
    print("The handbook of the bundled rules, to be opened in a browser:")
    for page in (index, index.with_name("index.zh.html")):
        print(f"  {page.as_uri()}  ({page.stat().st_size // 1024} KiB)")


if __name__ == "__main__":
    main()
