"""A rule file with mistakes in it, and what the error looks like: every mistake at once, each with its place."""

import io
import sys

import dxrules

MISTAKES = dxrules.Text(
    """\
rulebook: mine
facts: Card
rules:
  LONG_UNUSED:
    when: last_use_days > 180
    suggest: cancel
    severity: hihg
    message:
      en: "Unused for {last_used_days} days."
      zh: "已{last_used_days}天未使用。"
  FEES_ARE_DUE:
    when:
      - intent == "cancle"
      - arrears_fen > "0"
    block: cancel
    message:
      en: "{arrears:yuan} is due."
  NOT_VERIFIED:
    when: real_name != "verified" and lost == None
    warn: real_name
    message: {en: "Not verified.", zh: "未实名。"}
    examples:
      - {given: {real_name: verified, lost: true}, fires: true}
  ALMOST_RIGHT:
    when: linked_accounts > 3
    warn: linked_accounts
    message: {en: "Many accounts.", zh: "绑定账号较多。"}
    examples:
      - {given: {linked_accounts: 3}, fires: true}
""",
    name="mine.yaml",
)


def main() -> None:
    """Load the file, and print what is wrong with it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where Chinese cannot be shown there stands ?, and no error

    try:
        dxrules.load(dxrules.BUNDLED, MISTAKES)
    except dxrules.RulebookError as error:
        print(error)
        # The same as data, for an editor or a web page:
        first = error.diagnostics[0]
        print()
        print(f"first: line {first.line}, column {first.column}, code {first.code}")


if __name__ == "__main__":
    main()
