"""The command line: shareback …."""
