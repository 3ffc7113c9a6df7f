"""Fetch what is of others and not in the repository, once: `make setup` runs `python -m tools.assets`.

npm fetches packages and checks each against its hash in package-lock.json. Where no npm is on the machine, one comes
from the Python registry, pinned by hash in requirements/node.txt. A few files of them are kept, with their licences.
"""
