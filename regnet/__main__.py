"""Lets ``python -m regnet`` do what the command ``regnet`` does."""

from regnet.cli import run

if __name__ == "__main__":
    run()
