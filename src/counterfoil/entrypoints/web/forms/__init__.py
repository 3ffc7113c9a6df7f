"""Forms made from commands: every act has one without anybody drawing it.

Read `shape.py` (what a form asks), `reading.py` (what was sent, as a command's JSON), `filling.py` (the way back),
`view.py` (what templates draw), then `flow.py` (fill in, look, sign, receipt), which other pages make wizards of.
"""
