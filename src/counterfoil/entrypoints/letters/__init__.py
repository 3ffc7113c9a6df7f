"""Letters and certificates that people carry away: their words, their claim, their credential, and their check."""
