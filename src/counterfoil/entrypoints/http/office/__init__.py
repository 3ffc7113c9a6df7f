"""The office over HTTP: signing in, one's own sessions and factors, and the administration of people."""
