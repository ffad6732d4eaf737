"""Pages that need nothing else: what every page of the command shares, its look, its frame and the escaping of text."""
