"""The few words that every chapter uses: refusal, canonical bytes, quantities, periods, identifiers."""
