"""Commands for a release as files: `verify`, `export`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.common import (
    ConfigOption,
    JsonOption,
    VersionArgument,
    WarehouseOption,
    guarded,
    out,
    print_json,
    shown,
    store_of,
)
from flows.errors import UsageError
from flows.store.warehouse import read_manifest


@guarded
def verify(
    version: VersionArgument = None,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Folder of originals, for an export without text.")
    ] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="An exported copy, rather than a release.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every file's digest, and every fact's offsets against the text.

    Example: `dateline verify 1.0.0` or `dateline verify --folder facts/ --against news/`
    """
    from flows.release.verify import verify_release

    store = store_of(config, warehouse)
    where = folder or store.release(version)
    manifest_file = where / "manifest.json"
    if not manifest_file.is_file():
        raise UsageError(f"{where} has no manifest.json: it is no release")
    manifest = read_manifest(where)
    if "export" in manifest and against is None:
        raise UsageError(f"{where} is a copy without article text: name the folder of originals with --against")
    originals = None
    if against is not None:
        from flows.originals import texts_below

        originals = texts_below(against, store.root)
    verified = verify_release(where, manifest, originals)
    if as_json:
        findings = [{"where": one.where, "what": one.what, "rows": one.rows} for one in verified.findings]
        print_json(
            {"version": manifest["version"], "files": verified.files, "facts": verified.facts, "findings": findings}
        )
    else:
        for one in verified.findings:
            out.print(
                f"[bold red]{shown(one.where)}[/] {shown(one.what)}" + (f" ({one.rows:,} rows)" if one.rows else "")
            )
        verdict = "is whole" if not verified.findings else f"has {len(verified.findings)} faults"
        out.print(
            f"{shown(manifest['version'])} {verdict}: {verified.files:,} files and {verified.facts:,} spans checked"
        )
    if verified.findings:
        raise typer.Exit(1)


@guarded
def export(
    version: Annotated[str, typer.Argument(help="The version to copy.")],
    to: Annotated[Path, typer.Option("--to", help="A new folder.")],
    facts: Annotated[bool, typer.Option("--facts", help="Leave article text out; offsets and digests stay.")] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
) -> None:
    """Copy a release without article text, to share where the text may not go.

    Example: `dateline export 1.0.0 --facts --to facts/`
    """
    if not facts:
        raise UsageError("only --facts copies exist: a whole release is its folder, which can be copied as it is")
    from flows.release.export import export_facts

    store = store_of(config, warehouse)
    export_facts(store.release(version), store.manifest(version), to)
    out.print(
        f"Written: {shown(to)}. Check it: dateline verify --folder {shown(shlex.quote(str(to)))} --against ORIGINALS",
        soft_wrap=True,
    )
