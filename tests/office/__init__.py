"""The office: people, how they sign in, and what an attacker tries."""
