"""Helps that say much the same of many things: what to write, and what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping

HELPS: Mapping[str, str] = {
    "did you mean <names>?": "您想写的是 <names> 吗？",
    "it can be <names>": "可以是 <names>",
    "write `{code}`": "请写 `{code}`",
    "write `{one}`, or `{two}`": "请写 `{one}`，或写 `{two}`",
    "write it as in `{code}`": "写法如 `{code}`",
    "write it as `{code}`": "请写成 `{code}`",
    "add `{code}`": "请加上 `{code}`",
    "delete it": "请删除",
    # On the command line
    "it can be any class that is named with `--facts MODULE:CLASS`": "可以是用 `--facts MODULE:CLASS` 指明的任何类",
    "it can be <names>, or any class that is named with `--facts MODULE:CLASS`": (
        "可以是 <names>，或用 `--facts MODULE:CLASS` 指明的任何类"
    ),
}
