"""The removal of a leaver's entries as a pull request: what is cut, the proof, and when."""
