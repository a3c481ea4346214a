"""People in the access lists: any reasonable YAML becomes entries."""
