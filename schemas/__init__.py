"""What a release contains: one module a table. `schemas.registry` lists them."""
