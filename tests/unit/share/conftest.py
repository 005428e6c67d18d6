"""A warehouse with two releases, made once; each test works on a copy of its own."""

import shutil

import pytest

from flows.store.warehouse import Warehouse
from tests.contracts.sound import sound_rows
from tests.unit.release.made import make_release, make_warehouse


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Releases 1.0.0 and, without its quotes, 1.1.0."""
    store = make_warehouse(tmp_path_factory.mktemp("made") / "warehouse")
    make_release(store)
    make_release(store, sound_rows() | {"quotes": []})
    return store


@pytest.fixture(scope="session")
def made_otherwise(tmp_path_factory):
    """Another warehouse, whose release 1.0.0 has other rows."""
    store = make_warehouse(tmp_path_factory.mktemp("otherwise") / "warehouse")
    make_release(store, sound_rows() | {"quotes": []}, inputs="other input")
    return store


@pytest.fixture
def store(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "warehouse", symlinks=True)
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def otherwise(made_otherwise, tmp_path):
    shutil.copytree(made_otherwise.root, tmp_path / "otherwise", symlinks=True)
    return Warehouse(tmp_path / "otherwise")
