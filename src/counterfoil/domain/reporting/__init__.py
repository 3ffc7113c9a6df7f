"""What Parties report: the rows of the agreed electronic format, their layout, their reading and their consistency.

Read first: `aef_rows.py`, then `aef_layout.py`, `aef_parse.py` and `consistency/registered.py`.
"""
