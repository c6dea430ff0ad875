"""The wording of every reply. Pure: rows in, a Reply out; no store, no surface."""
