"""Shanghai: another language in front of the same benefits; see `dialect`."""
