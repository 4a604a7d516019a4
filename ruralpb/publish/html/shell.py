"""What every page is made of besides its content: head, policy, style, script. Nothing is fetched, nothing else may run."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="ruralpb">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def page(title: str, style: str, body: str, script: str = "") -> str:
    """Return a whole page. `title` is escaped, `body` is HTML; `style` and `script` are the only ones that its policy allows."""
    allowed = f"script-src '{_content_hash(script)}'; " if script else ""
    policy = f"default-src 'none'; style-src '{_content_hash(style)}'; {allowed}base-uri 'none'; form-action 'none'"
    if script:
        body += f"\n<script>{script}</script>"
    return _PAGE.format(title=escape(title), policy=policy, style=style, body=body)


def asset(name: str) -> str:
    """Return the text of a style or script beside this module."""
    return files(__package__).joinpath(name).read_text("utf-8").strip()


def _content_hash(text: str) -> str:
    """The source by which a policy allows this text, and no other, as style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
