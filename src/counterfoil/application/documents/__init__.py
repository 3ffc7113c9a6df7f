"""The documents that a registry keeps beside its journal: versions by hash, access, retention, a scan at the door."""
