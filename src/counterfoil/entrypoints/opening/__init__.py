"""Opening books from a spreadsheet: the template, the reading, and bringing all of it in or nothing."""
