"""Monitoring and verification records, and the quantity per vintage that issuance may not exceed."""
