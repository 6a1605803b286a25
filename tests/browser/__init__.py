"""The windows in a real browser. A package, so that a file here may be called as the one about the same thing above."""
