"""Every sentence has its Chinese, nothing is stale, and every cause has its words in both languages."""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from console.domain.subjects import DEVICE_KINDS
from console.domain.words import say, say_many
from console.services.entry_form import EXAMPLES
from console.services.language import LANGUAGES, Language, diagnosis_table

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "resources/knowledge"


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "installer/words.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def knowledge(language: str) -> dict[str, Any]:
    merged: dict[str, Any] = {"test": {}}
    for path in KNOWLEDGE.glob(f"causes.*.{language}.toml"):
        part = tomllib.loads(path.read_text(encoding="utf-8"))
        merged["test"] |= part.pop("test", {})
        assert not merged.keys() & part.keys(), f"{path.name} repeats a cause"
        merged |= part
    for row in merged.values():
        if "advice" in row:  # a step that restarts the till is a table
            row["advice"] = [step["text"] if isinstance(step, dict) else step for step in row["advice"]]
    return merged


def test_the_catalogue_is_complete_and_compiled() -> None:
    assert tool().troubles() == []


def test_a_missing_a_stale_and_an_empty_entry_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    words = tool()
    there = words.read()
    key = next(message.id for message in there if message.id and isinstance(message.id, str))
    there.delete(key)
    there.add("Nobody says this", "没有人这样说")
    emptied = next(message for message in there if message.id and isinstance(message.id, str))
    emptied.string = ""
    monkeypatch.setattr(words, "read", lambda: there)
    found = words.troubles()
    assert f"missing: {key!r}" in found
    assert "stale: 'Nobody says this'" in found
    assert f"not translated: {emptied.id!r}" in found


def test_every_sentence_stands_literally_where_it_is_said() -> None:
    """A sentence that is put together at run time could not be found for translation."""
    loose = []
    for path in sorted((ROOT / "console").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = node.args[: {"say": 1, "say_many": 2}.get(node.func.id, 0)]
                if any(
                    not (isinstance(each, ast.Constant) and isinstance(each.value, str)) for each in texts
                ):
                    loose.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert loose == []


def test_plurals_and_nested_words_are_translated() -> None:
    words = say_many("{count} fault", "{count} faults", 3)
    assert Language("en").text(words) == "3 faults"
    assert Language("en").text(say_many("{count} fault", "{count} faults", 1)) == "1 fault"
    assert Language("zh_CN").text(words) == "3 项故障"
    nested = say("{kind} {name}", kind=say("printer"), name="front")
    assert "打印机" in Language("zh_CN").text(nested)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_title_explanation_and_advice(language: str) -> None:
    texts = knowledge(language)
    causes = {rule.cause for rule in diagnosis_table().rules}
    assert sorted(causes - texts.keys()) == []
    for code, row in texts.items():
        if code != "test":
            assert row.keys() == {"severity", "title", "explain", "advice"}, code
            assert all((row["title"], row["explain"], *row["advice"])), code
            assert row["advice"], code


def test_both_languages_know_the_same_causes_and_tests() -> None:
    chinese, english = knowledge("zh_CN"), knowledge("en")
    assert chinese.keys() == english.keys()
    assert chinese["test"].keys() == english["test"].keys()
    assert set(diagnosis_table().tests.values()) <= chinese["test"].keys()
    assert {code: len(row["advice"]) for code, row in chinese.items() if code != "test"} == {
        code: len(row["advice"]) for code, row in english.items() if code != "test"
    }


def test_a_causes_severity_is_its_light_in_both_languages() -> None:
    """Contract: each cause with a title, a plain explanation, advice steps and severity in zh_CN and en."""
    lights = {rule.cause: rule.light for rule in diagnosis_table().rules}
    for language in LANGUAGES:
        shown = {code: row["severity"] for code, row in knowledge(language).items() if code != "test"}
        assert set(shown.values()) <= {"fault", "attention", "unknown"}
        assert {code: shown[code] for code in lights} == lights
    chinese, english = knowledge("zh_CN"), knowledge("en")
    assert [code for code in english if english[code].get("severity") != chinese[code].get("severity")] == []


def test_device_advice_names_settings_as_the_form_does() -> None:
    """What a person is told to change stands under a label; the file's keys are for those who edit it."""
    keys = {each.name for kind in EXAMPLES for each in dataclasses.fields(EXAMPLES[kind]) if "_" in each.name}
    for language in LANGUAGES:
        for code, row in knowledge(language).items():
            if code.partition(".")[0] in DEVICE_KINDS:
                told = " ".join((row["title"], row["explain"], *row["advice"]))
                assert [key for key in keys if key in told] == [], code


def test_chinese_knowledge_is_chinese() -> None:
    for code, row in knowledge("zh_CN").items():
        if code != "test":
            assert all(
                re.search(r"[\u4e00-\u9fff]", text) for text in (row["title"], row["explain"], *row["advice"])
            ), code


def test_no_advice_restarts_before_looking_for_unsynced_sales() -> None:
    """Restarting a till whose sales are not uploaded loses them (design: rules of the window)."""
    for code, row in knowledge("zh_CN").items():
        for number, step in enumerate(row["advice"] if code != "test" else ()):
            if re.search(r"重启(收银机|电脑|收银)", step) and not re.search(r"不要|别|先别", step):
                before = "".join(row["advice"][: number + 1])
                assert re.search(r"未上传|没上传|没有上传|未同步|没同步|还没传", before), f"{code}: {step}"
