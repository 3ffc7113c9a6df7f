"""The desks: what people who are signed in do, each with the pages that their roles allow."""
