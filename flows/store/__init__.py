"""The only file I/O: Parquet, DuckDB, ledger, lock, atomic publish."""
