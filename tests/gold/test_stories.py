"""Stories of benchmarks that lie beside the checkout are no worse than the floors: a sample of whole topics, by the whole pipeline."""

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.gold.measure import FLOORS
from tests.gold.stages import input_files, write_release
from tests.gold.stories import b_cubed, read_gold, topic_of

BENCHMARKS = Path(__file__).parents[3] / "shared" / "bench"
# One topic in so many, by the hash of its name, so that a minute's reading is enough
EVERY = {"stories": 3, "casualties-gva": 8}
FLOORS_OF: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8"))["stories"]


def _is_sampled(story: str, every: int) -> bool:
    return hashlib.sha256(f"sample {topic_of(story)}".encode()).digest()[0] % every == 0


@pytest.mark.shared
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", EVERY)
def test_stories_of_a_benchmark_are_no_worse_than_the_floor(name: str, tmp_path: Path) -> None:
    folder = BENCHMARKS / name
    if not folder.is_dir():
        pytest.skip("the benchmark does not lie beside this checkout")
    gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    true = {one["id"]: one["story"] for one in gold if _is_sampled(one["story"], EVERY[name])}
    lines = (folder / "input.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "input.jsonl").write_text(
        "".join(f"{line}\n" for line in lines if json.loads(line)["id"] in true), encoding="utf-8"
    )
    release = tmp_path / "release"
    release.mkdir()
    write_release(input_files(tmp_path / "in"), release)
    rows = pq.read_table(release / "articles.parquet", columns=["article_id", "story_id"]).to_pylist()
    story_of = {row["article_id"]: row["story_id"] for row in rows}
    found = {
        record: story_of[document]
        for record, (document, _) in read_gold(release, folder).items()
        if document in story_of and record in true
    }
    f1 = 100 * b_cubed(found, true)[2]
    assert len(true) > 100
    assert f1 >= FLOORS_OF[name], "floors may only rise"
