"""Who acts for whom: roles, organisations, permission, and the acts that need two persons."""
