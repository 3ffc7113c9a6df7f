"""The reporting platform: today two folders, an outbox and an inbox."""
