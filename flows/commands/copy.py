"""Commands for a release as files: `verify`, `export`."""

import shlex
import sys
from dataclasses import asdict
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
from flows.store.withdrawn import check_readable, read_tombstone

FORMS = ("ucdp-ged",)  # of `export --as`


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
    verified, tombstone = verify_release(where, manifest, originals), read_tombstone(where)
    if as_json:
        findings = [{"where": one.where, "what": one.what, "rows": one.rows} for one in verified.findings]
        print_json(
            {
                "version": manifest["version"],
                "files": verified.files,
                "facts": verified.facts,
                "findings": findings,
                "tombstone": asdict(tombstone) if tombstone else None,
            }
        )
    else:
        for one in verified.findings:
            out.print(
                f"[bold red]{shown(one.where)}[/] {shown(one.what)}" + (f" ({one.rows:,} rows)" if one.rows else "")
            )
        if tombstone is not None:
            out.print(
                f"{len(tombstone.deleted):,} files of {shown(manifest['version'])} were deleted on {shown(tombstone.taken_down_on)}: it held "
                f"document {shown(', '.join(tombstone.document_ids))}, which was taken down: {shown(tombstone.reason)}.",
                soft_wrap=True,
            )
        verdict = "is whole" if tombstone is None else "is whole but for these"
        verdict = verdict if not verified.findings else f"has {len(verified.findings)} faults"
        files = verified.files - (len(tombstone.deleted) if tombstone else 0)
        out.print(f"{shown(manifest['version'])} {verdict}: {files:,} files and {verified.facts:,} spans checked")
    if verified.findings:
        raise typer.Exit(1)


@guarded
def export(
    version: Annotated[str | None, typer.Argument(help="The version to export.", show_default=False)] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="A new folder (--facts) or file (--as).", show_default=False)
    ] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Copy it without article text; offsets and digests stay.")
    ] = False,
    form: Annotated[
        str | None, typer.Option("--as", metavar="FORM", help="As a table that others know: ucdp-ged (CSV).")
    ] = None,
    mapping: Annotated[
        bool, typer.Option("--mapping", help="With --as: say what each column comes from, and write nothing.")
    ] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy a release without article text, to share where the text may not go; or write it in a form that others know.

    Example: `dateline export 1.0.0 --facts --to facts/` or `dateline export 1.0.0 --as ucdp-ged --to ged.csv`
    """
    _check_export(version, to, facts, form, mapping)
    if mapping:
        _print_mapping(as_json)
        return
    store = store_of(config, warehouse)
    check_readable(store, version)
    release, target = store.release(version), to or Path()
    if facts:
        from flows.release.export import export_facts

        export_facts(release, store.manifest(version), target)
        check = f"dateline verify --folder {shlex.quote(str(target))} --against ORIGINALS"
        if as_json:
            print_json({"written": str(target), "version": version})
        else:
            out.print(f"Written: {shown(target)}. Check it: {shown(check)}", soft_wrap=True)
        return
    from flows.release.ucdp_ged import export_ucdp_ged

    written = export_ucdp_ged(release, release.name, target)
    if as_json:
        print_json(
            {"written": str(target), "version": version, "rows": written.rows, "left_out": dict(written.left_out)}
        )
        return
    left_out = ", ".join(f"{reason} {count:,}" for reason, count in written.left_out.items() if count)
    out.print(
        f"Written: {shown(target)}, {written.rows:,} rows; what its columns mean: {shown(written.mapping)}."
        + (f" Left out, though with a number of killed: {left_out}." if left_out else ""),
        soft_wrap=True,
    )


def _check_export(version: str | None, to: Path | None, facts: bool, form: str | None, mapping: bool) -> None:
    """Refuse options that do not go together, before anything is read."""
    if facts and form is not None:
        raise UsageError("--facts makes a folder and --as a file: ask for one of them")
    if form is not None and form not in FORMS:
        raise UsageError(f"there is no form {form}. Forms: {', '.join(FORMS)}")
    if mapping and form is None:
        raise UsageError("--mapping needs a form: dateline export --as ucdp-ged --mapping")
    if mapping:
        return
    if not facts and form is None:
        raise UsageError(
            "name what to make: --facts for a copy without article text, --as ucdp-ged for a table. A whole release is its "
            "folder, which can be copied as it is"
        )
    if version is None:
        raise UsageError("name the version to export (dateline releases lists them)")
    if to is None:
        raise UsageError("name where to write: --to PATH")


def _print_mapping(as_json: bool) -> None:
    from flows.release.ucdp_ged import COLUMNS, mapping_table

    if as_json:
        print_json([{"column": one.name, "fits": one.fit, "source": one.source} for one in COLUMNS])
    else:
        sys.stdout.write(mapping_table())
