"""Finds words for people in Python that are not put through gettext, where they are known to be shown.

It knows the places (labels, help texts, refusals, messages, the desk), not the sense of a string: what a function
returns, it cannot judge. What developers read (logs, commands, the API's documentation) stays English.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

SHOWN_KEYWORDS = {"label", "help_text", "verbose_name", "verbose_name_plural", "consequence", "done", "title"}
SHOWN_ATTRIBUTES = {
    "title", "detail", "default_detail", "search_help_text", "verbose_name", "verbose_name_plural", "error_text",
}  # fmt: skip
DESK_DECORATORS = {"display", "action"}
MESSAGES = {"success", "error", "info", "warning", "message_user"}
NOT_FOR_PEOPLE = {"ImproperlyConfigured", "CommandError", "SuspiciousOperation", "BadCursor"} | {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
NOBODY_READS = {"migrations", "management", "demo"}  # folders
# What these say goes to whoever runs the site, or is said again by `clips.media.words`.
OPERATORS = ("config/supervisor.py", "config/valkey.py", "clips/media/")
_WORD = re.compile(r"[^\W\d_]{2,}")


def _bare(node: ast.expr | None) -> bool:
    """Whether this is a literal with words in it, plain or formatted."""
    if isinstance(node, ast.JoinedStr):
        return any(_bare(part) for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.IfExp):
        return _bare(node.body) or _bare(node.orelse)
    if isinstance(node, ast.BinOp):
        return _bare(node.left) or _bare(node.right)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_WORD.search(node.value))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _in_call(call: ast.Call, *, documented: bool) -> Iterator[ast.expr]:
    name = _name(call.func)
    for keyword in call.keywords:
        shown = keyword.arg in SHOWN_KEYWORDS and not (documented or name.startswith("OpenApi"))
        if shown or (keyword.arg == "description" and name in DESK_DECORATORS):
            yield keyword.value
        elif keyword.arg == "error_messages" and isinstance(keyword.value, ast.Dict):
            yield from keyword.value.values
    if name in MESSAGES and len(call.args) > 1 and _name(call.args[0]) == "request":
        yield call.args[1]
    if name in ("ValidationError", "ErrorDetail", "RegexValidator"):
        yield from call.args[name == "RegexValidator" :][:1]
    of_model = isinstance(call.func, ast.Attribute) and _name(call.func.value) == "models"
    if of_model and name.endswith("Field") and name not in ("OneToOneField", "ManyToManyField"):
        yield from call.args[:1]


def bare_strings(source: str, *, documented: bool = False) -> Iterator[tuple[int, str]]:
    """Line and text of every string in `source` that people see and gettext does not.

    `documented`: the file is of the API, where help texts are documentation."""
    found: list[ast.expr] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += _in_call(node, documented=documented)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if _name(node.exc.func) not in NOT_FOR_PEOPLE and not _name(node.exc.func).endswith("Error"):
                found += [text for text in node.exc.args if isinstance(text, ast.JoinedStr) or " " in _literal(text)]
        elif isinstance(node, ast.ClassDef):
            choices = any(_name(base).endswith("Choices") for base in node.bases)
            for line in node.body:
                if isinstance(line, (ast.Assign, ast.AnnAssign)) and line.value is not None:
                    target = line.targets[0] if isinstance(line, ast.Assign) else line.target
                    if choices and isinstance(line.value, ast.Tuple):
                        found += line.value.elts[1:]
                    elif _name(target) in SHOWN_ATTRIBUTES:
                        found.append(line.value)
                    elif _name(target) == "fieldsets" and isinstance(line.value, ast.Tuple):
                        found += [one.elts[0] for one in line.value.elts if isinstance(one, ast.Tuple)]
        elif isinstance(node, ast.FunctionDef) and node.name == "lookups":
            found += [one.elts[1] for one in ast.walk(node) if isinstance(one, ast.Tuple) and len(one.elts) == 2
                      and all(isinstance(part, ast.Constant) for part in one.elts)]  # fmt: skip
    for text in sorted({node for node in found if _bare(node)}, key=lambda node: node.lineno):
        yield text.lineno, ast.unparse(text)[:100]


def eager_strings(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every `gettext` that is called when the module is loaded: in one language for ever."""
    tree = ast.parse(source)
    eager = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in ("gettext", "ngettext", "pgettext", "npgettext")
    }
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and _name(node.func) in eager:
            yield node.lineno, ast.unparse(node)[:100]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += [*node.decorator_list, *node.args.defaults]
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def faults_in(root: Path, apps: tuple[str, ...]) -> list[str]:
    """`path:line: text` for every bare or eager string in the Python of these apps below `root`."""
    faults = []
    for app in apps:
        for path in sorted((root / app).rglob("*.py")):
            parts = path.relative_to(root).parts
            if NOBODY_READS & set(parts) or "/".join(parts).startswith(OPERATORS):
                continue
            source = path.read_text(encoding="utf-8")
            found = [*bare_strings(source, documented="api" in parts), *eager_strings(source)]
            faults += [f"{path.relative_to(root)}:{line}: {text}" for line, text in found]
    return faults
