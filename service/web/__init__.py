"""What comes in over HTTP, and the JSON that goes out."""
