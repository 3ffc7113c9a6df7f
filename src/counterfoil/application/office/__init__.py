"""What a registry knows of people, outside the journal: who they are, how they sign in, and what they did here."""
