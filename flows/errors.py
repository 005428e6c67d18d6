"""Every error that dateline raises on purpose.

DatelineError                 exit code 1: something failed; the message says what, where and what next
├── UsageError                exit code 2: the request itself is wrong (no such input, no such version)
├── GateRefused               exit code 3: the release was built and the gate refused it
├── WarehouseBusy             another run holds the warehouse
├── WarehouseOvertaken        another run has taken the warehouse while this one slept
├── ServerFailed              Prefect's server could not be started
├── StorageFailed             the disk is full, or a file of ours cannot be written or read
├── ContractBroken            a MAJOR version that no earlier release announced
├── NotIncremental            documents added one by one end elsewhere than documents added at once
├── CorrectionsStale          what a correction expects is no longer read
├── WarehouseDamaged          a file of the warehouse is not what its manifest or ledger says
├── PlaceFailed               a folder or bucket of published releases could not be asked, or refused
│   ├── NotPublished          what should be there is not
│   ├── Tampered              what is there is not what its manifest, its index or the lock says
│   └── OtherRelease          it has another release under that version
└── ReferenceDamaged          a reference file is missing, or differs from its .meta.yml
"""

import errno


class DatelineError(Exception):
    """Base of all; its message is for people."""

    exit_code = 1


class UsageError(DatelineError):
    """The request cannot be carried out as made; nothing was started."""

    exit_code = 2


class GateRefused(DatelineError):
    """A candidate was refused; it is kept under warehouse/rejected/."""

    exit_code = 3
    run_result = "refused"


class WarehouseBusy(DatelineError):
    """Another run holds the warehouse's lock."""


class WarehouseOvertaken(DatelineError):
    """This run no longer holds the warehouse, or `current` is no longer the release that it started from."""


class ServerFailed(DatelineError):
    """Prefect's server, which a run starts for itself, did not come up."""


class StorageFailed(DatelineError):
    """The operating system refused a write or read that is no fault of the input: a full disk, missing rights."""

    @classmethod
    def from_error(cls, error: OSError, warehouse: object) -> "StorageFailed":
        """What happened, where, and what to do next, from what the operating system said."""
        names = [str(name) for name in (error.filename, error.filename2) if name]
        where = " → ".join(names) or str(warehouse)
        reason = error.strerror or str(error)
        advice = "Look at the disk."
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            advice = f"Free some space (rejected candidates and old releases in {warehouse} can go), or use --warehouse on a larger disk."
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            advice = f"Give this user the right to write to {warehouse}, or use --warehouse DIR."
        return cls(
            f"{where}: {reason}. The current release is untouched. {advice} Then run again: finished work is kept."
        )


class ContractBroken(DatelineError):
    """What would be released breaks what users build on, and no earlier release said so; nothing was built."""


class NotIncremental(DatelineError):
    """What dateline promises of any order and batching of the input does not hold: a fault of ours."""


class CorrectionsStale(DatelineError):
    """Corrections expect what extraction no longer reads: they ask to be removed."""


class WarehouseDamaged(DatelineError):
    """A file is not what its manifest or ledger entry says."""


class PlaceFailed(DatelineError):
    """A folder or bucket of published releases could not be asked, or refused."""


class NotPublished(PlaceFailed):
    """What should be at a place is not there."""


class Tampered(PlaceFailed):
    """What is at a place is not what its manifest, its index or the lock says."""


class OtherRelease(PlaceFailed):
    """A place has another release under that version: a version is one release for ever."""


class ReferenceDamaged(DatelineError):
    """A reference file is missing or does not match its .meta.yml."""
