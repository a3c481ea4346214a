"""One thin door to each vendor; each module is the only importer of its vendor's library."""
