"""The first hour of a new registry: setting up in the browser, the first steps, and what is still missing."""
