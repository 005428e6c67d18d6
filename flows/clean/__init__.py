"""Documents to labelled segments and articles. Nothing is deleted."""
