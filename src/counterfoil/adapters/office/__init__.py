"""The office's file, and the libraries with which people show who they are."""
