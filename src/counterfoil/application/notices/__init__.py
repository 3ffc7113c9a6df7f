"""Telling people what happened and what falls due: one outbox, filled from the two logs, emptied by one worker."""
