"""The journal and what is folded from it: entries, blocks, balances, Merkle log. Read `entry` first, then `books`."""
