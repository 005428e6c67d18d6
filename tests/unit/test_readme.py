"""README says what the program does: every command, settings that load, code that compiles."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from flows.cli import app
from flows.settings import RECORD_FIELDS, Settings
from schemas.registry import RELEASED

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = {command.name or command.callback.__name__: command.callback for command in app.registered_commands}


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def test_the_program_has_commands():
    assert "run" in COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name):
    assert f"| `dateline {name}` |" in README


@pytest.mark.parametrize("name", COMMANDS)
def test_every_commands_help_shows_an_example(name):
    assert f"Example: `dateline {name}" in COMMANDS[name].__doc__


def test_commands_that_the_readme_shows_exist():
    shown = set(re.findall(r"^(?:\.venv/bin/)?dateline ([a-z]+)", "\n".join(blocks("sh")), flags=re.MULTILINE))
    assert shown
    assert shown <= set(COMMANDS)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_in_the_readme_compiles(code):
    compile(code, "README.md", "exec")


def test_the_settings_example_loads_and_has_every_key():
    (example,) = blocks("toml")
    given = tomllib.loads(example)
    assert set(given) == set(Settings.model_fields)
    assert Settings.model_validate(given).cron == "0 6 * * *"


@pytest.mark.parametrize("table", [table.name for table in RELEASED])
def test_every_table_is_in_the_readme(table):
    assert f"| `{table}` |" in README


@pytest.mark.parametrize("field", RECORD_FIELDS)
def test_every_record_field_is_in_the_readme(field):
    assert f"`{field}`" in README


@pytest.mark.parametrize("name", ["timing", "accuracy"])
def test_measured_parts_have_their_markers_once(name):
    assert README.count(f"<!-- {name}:begin -->") == README.count(f"<!-- {name}:end -->") == 1


def test_files_that_the_readme_links_to_exist():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_deployment_names_the_flow_and_its_parameters():
    import inspect

    from flows.pipeline import dateline

    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert deployment["entrypoint"] == "flows/pipeline.py:dateline"
    assert set(deployment["parameters"]) <= set(inspect.signature(dateline.fn).parameters)


def promises():
    _, _, after = README.partition("## What we promise and how it is tested")
    return re.findall(r"^\| (\S.*) \| `(\S+)::(\S+)` \|$", after.partition("\n## ")[0], flags=re.MULTILINE)


def test_promises_are_made():
    assert len(promises()) > 20


@pytest.mark.parametrize(("promise", "file", "test"), promises())
def test_a_promise_names_a_test_that_is_there(promise, file, test):
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, promise
