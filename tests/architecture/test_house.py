"""Rules of the house that no linter knows: names, sizes, docstrings, one root of errors, one place for topics."""

import ast
import importlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.errors import ComptoirError

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["mypy"]["packages"]
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 500
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "tools"}
PLATFORM_ONLY = {"picamera2", "linuxpy"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def error_classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), node


def test_the_import_packages_are_the_folders_and_nothing_else() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools"}

    assert found == set(PACKAGES)
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == set(PACKAGES)
    assert {
        pattern.rstrip("*") for pattern in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    } == set(PACKAGES)


@pytest.mark.parametrize("folder", ["systemd", "broker_config"])
def test_a_folder_that_is_no_package_cannot_answer_an_import(folder: str) -> None:
    assert not list((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_owns_and_what_it_must_not_import(package: str) -> None:
    docstring = ast.get_docstring(tree_of(ROOT / package / "__init__.py")) or ""

    assert re.search(r"\b(must not|may|none|nothing|never|only)\b", docstring, re.IGNORECASE), docstring
    assert len(docstring.splitlines()) >= 2


def test_every_module_says_what_it_is_for() -> None:
    assert [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path))] == []


def test_no_module_is_longer_than_a_person_reads() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}

    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_module_is_named_after_nothing() -> None:
    assert [name_of(path) for path in MODULES if {path.stem, path.parent.name} & BANNED_NAMES] == []


def test_every_package_imports_without_hardware_or_display() -> None:
    for package in PACKAGES:
        importlib.import_module(package)


def test_every_error_descends_from_the_one_root_with_a_code_of_its_own() -> None:
    codes: list[str] = []
    for module, node in error_classes():
        error = getattr(importlib.import_module(module), node.name)
        assert issubclass(error, ComptoirError), f"{module}.{node.name} is outside the one root"
        assert ast.get_docstring(node), f"{module}.{node.name} says nothing"
        assert "code" in vars(error), f"{module}.{node.name} has no code of its own"
        assert re.fullmatch(r"[a-z][a-z0-9_.]*", error.code), f"{module}.{node.name}: {error.code!r}"
        codes.append(error.code)
    assert {code: count for code, count in Counter(codes).items() if count > 1} == {}


def test_a_package_has_one_error_right_below_the_root() -> None:
    below: dict[str, list[str]] = {}
    for module, node in error_classes():
        error = getattr(importlib.import_module(module), node.name)
        if ComptoirError in error.__bases__:
            below.setdefault(module.partition(".")[0], []).append(node.name)
    below.pop("runtime", None)  # it owns the root; its errors are everybody's

    assert {package: names for package, names in below.items() if len(names) > 1} == {}


def test_every_error_is_raised_or_stands_above_one_that_is() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    for module, node in error_classes():
        error = getattr(importlib.import_module(module), node.name)
        names = [error.__name__, *(child.__name__ for child in error.__subclasses__())]
        used = any(
            re.search(rf"(raise|return|error=|errors?\.)\s*(\w+\.)?{name}\b", source) for name in names
        )
        assert used, f"{module}.{node.name} is never raised"


def test_a_package_that_passes_names_on_lists_them() -> None:
    for path in MODULES:
        tree = tree_of(path)
        exported = [
            node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module != "typing"
        ]
        if path.name != "__init__.py" or not exported:
            continue
        module = importlib.import_module(".".join(path.parent.relative_to(ROOT).parts))
        listed = getattr(module, "__all__", None)
        assert listed is not None, f"{name_of(path)} passes names on without __all__"
        assert [name for name in listed if not hasattr(module, name)] == []


def test_topics_are_spelled_in_one_place() -> None:
    topic = re.compile(r"comptoir/v\d")
    spelled = [
        name_of(path)
        for path in MODULES
        if topic.search(path.read_text(encoding="utf-8")) and name_of(path) != "messaging/topics.py"
    ]

    assert spelled == []


def test_paths_that_the_readme_names_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {path for path in re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", text) if "/" in path}
    linked = set(re.findall(r"\]\(([^)#:]+)\)", text))

    made_by_commands = {"build/shots/"}
    assert sorted(path for path in (named | linked) - made_by_commands if not (ROOT / path).exists()) == []


def test_verbs_that_the_readme_names_are_in_the_makefile() -> None:
    verbs = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(
        re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert named - verbs == set()


def test_a_driver_of_one_platform_is_imported_by_its_own_module_only() -> None:
    importers = [
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
        if module.partition(".")[0] in PLATFORM_ONLY
    ]

    assert len(set(importers)) <= len(PLATFORM_ONLY)
    assert all(path.startswith("device/") for path in importers)


def test_namespace_packages_do_not_hide_in_the_product() -> None:
    for package in PACKAGES:
        folders = {path.parent for path in (ROOT / package).rglob("*.py")}
        assert [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_nothing_speaks_of_the_place_where_it_was_written() -> None:
    place = re.compile("|".join(["/wo" + "rk/", r"\.\./sha" + "red", r"py" + r"pi\.org"]))
    texts = [
        path
        for pattern in ("*.md", "*.py", "*.toml", "*.sh", "*.conf", "*.service", "Makefile")
        for path in ROOT.rglob(pattern)
        if not {".venv", "build", ".git", "node_modules"} & set(path.relative_to(ROOT).parts)
    ]

    assert [name_of(path) for path in texts if place.search(path.read_text(encoding="utf-8"))] == []


def test_no_folder_of_tests_answers_to_the_name_of_a_package() -> None:
    # A folder with __init__.py below one without would be imported as a package of its own: tests/ui/kiosk
    # as "kiosk", in place of the product's.
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    parents = {parent for folder in folders for parent in (folder, *folder.parents) if ROOT in parent.parents}

    assert sorted(name_of(folder) for folder in parents if not (folder / "__init__.py").exists()) == []
