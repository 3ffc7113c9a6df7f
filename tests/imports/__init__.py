"""Registry records that come in from elsewhere."""
