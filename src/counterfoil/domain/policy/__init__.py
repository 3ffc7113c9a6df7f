"""The law as dated data: values, rules of a closed list of kinds, and what they answer.

Read `law.py`, then `permits.py`.

Source: ADR-0024, ADR-0009.
"""
