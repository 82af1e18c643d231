"""Other benchmarks' files -> packs of the same scenarios, one JSON line each."""
