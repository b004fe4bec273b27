"""The command line: arguments in, text and exit status out. No decision is taken here."""
