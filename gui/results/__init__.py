"""Answers: kept, listed, asked again and told as Python."""
