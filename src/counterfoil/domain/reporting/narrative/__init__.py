"""What a Party says of itself in the initial report and the regular information: elements, answers, completeness.

Read first: `element.py`, then `initial_elements.py`, `statement.py` and `completeness.py`.
"""
