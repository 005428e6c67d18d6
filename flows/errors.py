"""Every error that dateline raises on purpose.

DatelineError                 exit code 1: something failed; the message says what, where and what next
├── UsageError                exit code 2: the request itself is wrong (no such input, no such version)
├── GateRefused               exit code 3: the release was built and the gate refused it
├── WarehouseBusy             another run holds the warehouse
├── WarehouseDamaged          a file of the warehouse is not what its manifest or ledger says
└── ReferenceDamaged          a reference file is missing, or differs from its .meta.yml
"""


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


class WarehouseDamaged(DatelineError):
    """A file is not what its manifest or ledger entry says."""


class ReferenceDamaged(DatelineError):
    """A reference file is missing or does not match its .meta.yml."""
