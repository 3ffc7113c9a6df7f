"""Areas on the ground: hostile files, measures, and what activities share."""
