"""Reports as papers: what the register and the Party say, in the words, dates and numbers of one language."""
