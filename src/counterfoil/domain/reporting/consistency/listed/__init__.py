"""The checks as data, group by group: id, codes, weight, titles, source, rule. Read next: `registered.py`."""
