"""The JSON Schema that editors use says what the loader says: it takes every file that comes with the program, and refuses what the
loader refuses."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker
from test_definitions import CLINIC, COMMON, HEALTH, library, project

from ruralpb.app import define, init
from ruralpb.core.problems import CannotRun
from ruralpb.model import loader
from ruralpb.model.loader import editor_schema, marked
from ruralpb.model.loader.merge import CASES
from ruralpb.model.loader.vocabulary import is_vocabulary

ROOT = Path(__file__).parents[2]


def as_json(value: Any) -> Any:
    """YAML as an editor's server reads it: dates are words."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def refusals(kind: str, text: bytes | str, whole: bool = True) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    top, _ = marked.read(content, "x.yaml")
    return [
        f"{error.json_path}: {error.message[:100]}"
        for error in validator(kind, whole).iter_errors(as_json(top))
    ]


@cache
def validator(kind: str, whole: bool = True) -> Draft7Validator:
    schema = editor_schema.schema(kind, loader.load(loader.sources(None))[0].library, whole)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema, format_checker=FormatChecker())


def kind_of(name: str) -> str:
    return "settings" if name == "ruralpb.yaml" else "cases" if name.endswith(CASES) else "definitions"


def test_the_built_in_library_is_whole_by_itself() -> None:
    refused = {
        name: found
        for name, content in loader.sources(None).items()
        if not is_vocabulary(name) and (found := refusals(kind_of(name), content))
    }
    assert refused == {}


@pytest.mark.parametrize("folder", ["data/samples", "tests/toy"])
def test_a_project_is_laid_over_the_library(folder: str) -> None:
    sources = {
        n: c for n, c in loader.sources(ROOT / folder).items() if n.endswith(".yaml") and not is_vocabulary(n)
    }
    refused = {
        name: found
        for name, content in sources.items()
        if (found := refusals(kind_of(name), content, whole=not name.startswith(loader.OWN)))
    }
    assert refused == {}


MISTAKES = {
    "unknown key": CLINIC.replace("measure:", "mesure:"),
    "missing title": CLINIC.replace("    title: 等级\n", ""),
    "missing row": CLINIC.replace("row: village\n", ""),
    "wrong type": CLINIC.replace("type: int", "type: itn"),
    "wrong frequency": CLINIC.replace("frequency: quarter", "frequency: quarterly"),
    "word for a flag": CLINIC.replace("required: true", "required: 是"),
    "word for a number": CLINIC.replace("min: 0", "min: 零"),
    "word for a list": CLINIC.replace("[甲级, {value: 乙级, synonyms: [二级]}]", "甲级"),
    "impossible date": CLINIC.replace("2025-12-31", "2025-02-30"),
    "impossible month": CLINIC.replace("2025-12-31", "2025-13"),
    "an id that is no name": CLINIC.replace("id: grade", "id: 等级"),
    "wrong severity": CLINIC.replace("severity: query", "severity: warning"),
    "list for words": CLINIC.replace("title: 卫生室情况表", "title: [卫生室, 情况表]"),
    "alias without text": CLINIC.replace("text: 就诊人次, ", ""),
    "check without message": CLINIC[: CLINIC.index("    message:")],
    "unknown section": HEALTH.replace("indicators:", "indicator:"),
    "standard whose dates are words": HEALTH.replace("2020-01-01: {value", "去年: {value"),
    "negative decimals": HEALTH + "    decimals: -1\n",
    "target without value": HEALTH + "    target: {per: period}\n",
    "form's key in a file of no form": COMMON + "frequency: quarter\n",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_by_the_schema_and_by_the_loader(mistake: str) -> None:
    text = MISTAKES[mistake]
    part = "clinic" if text.startswith("form:") else "health" if text.startswith("domain:") else "common"
    assert [p for p in loader.load(library(**{part: text}))[1] if p.severity == "error"]
    assert refusals("definitions", text)


@pytest.mark.parametrize("text", [CLINIC, HEALTH, COMMON])
def test_the_files_without_a_mistake_are_taken(text: str) -> None:
    assert refusals("definitions", text) == []


SETTINGS = 'title: 示例\nunit: "990101"\ndue: [{forms: all, periods: quarter}]\nranking: {min_coverage: 85}\n'
SETTINGS_MISTAKES = {
    "no unit": SETTINGS.replace("unit:", "units:"),
    "a key of earlier versions": SETTINGS + "reminder_workdays: 2\n",
    "too many days": SETTINGS + "answer_workdays: 61\n",
    "a format there is none of": SETTINGS + "formats: [docx, doc]\n",
    "a day for a flag": SETTINGS.replace("85}", "85, classes: 2026-01-01}"),
}


@pytest.mark.parametrize("mistake", SETTINGS_MISTAKES)
def test_a_mistake_in_the_settings_is_refused_by_both(mistake: str) -> None:
    text = SETTINGS_MISTAKES[mistake]
    units = "code,name,level,parent_code,kind\n990101,示例县,county,,\n"
    sources = project("") | {"ruralpb.yaml": text.encode(), "units.csv": units.encode()}
    assert [p for p in loader.load(sources)[1] if p.severity == "error"]
    assert refusals("settings", SETTINGS) == []
    assert refusals("settings", text)


def test_what_has_a_built_in_id_need_not_be_said_whole() -> None:
    text = "form: issue\nfields: [{id: kind, aliases: [问题类型]}]\nchecks: [{id: R38, severity: note}]\n"
    assert refusals("definitions", text, whole=False) == []
    assert refusals("definitions", text.replace("R38", "R3800"), whole=False)
    assert refusals("definitions", text)


@pytest.mark.parametrize("kind", editor_schema.kinds())
def test_every_kind_has_a_schema_that_is_one(kind: str) -> None:
    assert validator(kind).schema["title"].endswith(kind)


# ------------------------------------------------------------------------------------------------ commands


def test_a_new_project_points_to_schemas_that_are_there_and_take_its_files(tmp_path: Path) -> None:
    init.init(tmp_path / "new", "", None, date(2026, 4, 30))
    settings = (tmp_path / "new" / "ruralpb.yaml").read_text("utf-8")
    named = settings.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    schema = json.loads((tmp_path / "new" / named).read_text("utf-8"))
    top, _ = marked.read(settings.encode(), "ruralpb.yaml")
    assert list(Draft7Validator(schema).iter_errors(as_json(top))) == []


def test_schemas_are_written_where_asked_one_or_all(tmp_path: Path) -> None:
    assert [path.name for path in define.write_schemas(None, "check", tmp_path)] == ["check.schema.json"]
    names = {path.name for path in define.write_schemas(None, "", tmp_path)}
    assert names == {"definitions.schema.json", "cases.schema.json", "settings.schema.json"}


def test_a_kind_there_is_none_of_is_refused_with_the_nearest() -> None:
    with pytest.raises(CannotRun, match="Did you mean 'indicator'"):
        define.schema(None, "indicators")
