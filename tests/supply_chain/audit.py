"""Are pinned versions known to be vulnerable? `make audit` has pip-audit ask.

python -m tests.supply_chain.audit                 the package index's advisories
python -m tests.supply_chain.audit --osv-url URL   OSV, or a mirror that answers as it does

Exits 1 if a pin is vulnerable, 0 if none is or if nothing could be checked, and says which of the two it was.

pip-audit by itself says "No known vulnerabilities found" also where a source knows no package, as an index that mirrors
files but no advisories does. So a source is believed only once it has told us of CANARY.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.supply_chain.lock import LOCKS

CANARY = "jinja2==2.10"  # CVE-2019-10906: escape from the sandbox
ANSWER_SECONDS = 15  # for one request
AUDIT_SECONDS = 600  # for one source: a request a pin
# advisory: why it does not concern us
ACCEPTED_ADVISORIES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """What a source said.

    Attributes:
        vulnerable: package, version and advisories of each pin that is known to be vulnerable.
        checked: pins that the source knows.
        unknown: pins that it does not know, and so has not checked.
        error: why there was no answer; empty if there was one.
    """

    vulnerable: tuple[str, ...] = ()
    checked: int = 0
    unknown: tuple[str, ...] = ()
    error: str = ""


def ask(source: Sequence[str], files: Sequence[Path], *more: str) -> Answer:
    """Have pip-audit ask one source about requirement files. It installs and resolves nothing."""
    ignored = [part for advisory in ACCEPTED_ADVISORIES for part in ("--ignore-vuln", advisory)]
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--disable-pip"]
        command += ["--timeout", str(ANSWER_SECONDS), "--cache-dir", cache, *source, *ignored, *more]
        for file in files:
            command += ["-r", str(file)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=AUDIT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return Answer(error=f"no answer within {AUDIT_SECONDS} s")
    return read_answer(done.stdout, done.stderr)


def read_answer(printed: str, errors: str) -> Answer:
    """pip-audit's report as an answer. It exits with 1 for a vulnerable pin and for a dead source alike: only the report tells.

    >>> read_answer('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}]}', "").vulnerable
    ('a 1: X-1',)
    >>> read_answer("", "requests.exceptions.ConnectionError: no route").error
    'requests.exceptions.ConnectionError: no route'
    """
    try:
        found = json.loads(printed)["dependencies"]
    except (ValueError, KeyError):
        return Answer(error=(errors.strip() or "no report").splitlines()[-1])
    known = [one for one in found if "skip_reason" not in one]
    return Answer(
        vulnerable=tuple(
            f"{one['name']} {one['version']}: {', '.join(vulnerability['id'] for vulnerability in one['vulns'])}"
            for one in known
            if one["vulns"]
        ),
        checked=len(known),
        unknown=tuple(one["name"] for one in found if "skip_reason" in one),
    )


def knows_advisories(source: Sequence[str]) -> str:
    """Empty if the source tells of CANARY, else what is wrong with it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "canary.txt"
        file.write_text(f"{CANARY}\n", encoding="utf-8")
        answer = ask(source, [file], "--no-deps")
    if answer.error:
        return answer.error
    return "" if answer.vulnerable else f"it does not know that {CANARY} is vulnerable, so it holds no advisories"


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask about every pin of the locks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--osv-url", help="address that answers as OSV's query interface does")
    parser.add_argument("--lock", type=Path, action="append", help="a lock file other than ours")
    given = parser.parse_args(arguments)
    if given.osv_url:
        name, source = given.osv_url, ("-s", "osv", "--osv-url", given.osv_url)
    else:
        name, source = "the package index", ("-s", "pypi")
    reason = knows_advisories(source)
    answer = Answer(error=reason) if reason else ask(source, given.lock or LOCKS, "--require-hashes")
    if answer.error:
        _say(f"{name}: {answer.error}")
        _say("no advisory source reachable: NOTHING WAS CHECKED. Run make audit where there is one.")
        return 0
    for line in answer.vulnerable:
        _say(f"VULNERABLE {line}")
    if answer.unknown:
        _say(f"not known to {name}, so not checked: {', '.join(answer.unknown)}")
    _say(f"{name}: {answer.checked} pins checked, {len(answer.vulnerable)} vulnerable")
    return 1 if answer.vulnerable else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
