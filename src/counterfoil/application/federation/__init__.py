"""Two books and the messages between them: what one side sends, what it does with what arrives."""
