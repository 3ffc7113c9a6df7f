"""Evidence for a border adjustment as files: JSON, a paper in each language, proofs, documents, and their hashes."""
